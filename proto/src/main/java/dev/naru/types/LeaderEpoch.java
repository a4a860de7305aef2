package dev.naru.types;

/** Rises with every change of a partition's leader, also to none. Written into every batch. */
public record LeaderEpoch(int value) implements Comparable<LeaderEpoch> {

  /** Refuses values below zero. */
  public LeaderEpoch {
    if (value < 0) {
      throw new IllegalArgumentException("Expected a leader epoch >= 0, but was " + value);
    }
  }

  /** The epoch before the first leader. */
  public static final LeaderEpoch ZERO = new LeaderEpoch(0);

  /** The epoch that follows. */
  public LeaderEpoch next() {
    return new LeaderEpoch(Math.addExact(value, 1));
  }

  /** Whether this epoch came before the other. */
  public boolean isBefore(LeaderEpoch other) {
    return value < other.value;
  }

  @Override
  public int compareTo(LeaderEpoch other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
