package dev.naru.types;

/** Rises with every change of a partition's entry in the image. */
public record PartitionEpoch(int value) implements Comparable<PartitionEpoch> {

  /** Refuses values below zero. */
  public PartitionEpoch {
    if (value < 0) {
      throw new IllegalArgumentException("Expected a partition epoch >= 0, but was " + value);
    }
  }

  /** The epoch of a new partition. */
  public static final PartitionEpoch ZERO = new PartitionEpoch(0);

  /** The epoch that follows. */
  public PartitionEpoch next() {
    return new PartitionEpoch(Math.addExact(value, 1));
  }

  /** Whether this epoch came before the other. */
  public boolean isBefore(PartitionEpoch other) {
    return value < other.value;
  }

  @Override
  public int compareTo(PartitionEpoch other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
