package dev.naru.types;

/**
 * Index of a node's registration in the metadata log: another one for every start of the process.
 */
public record NodeEpoch(long value) implements Comparable<NodeEpoch> {

  /** Refuses values below zero. */
  public NodeEpoch {
    if (value < 0) {
      throw new IllegalArgumentException("Expected a node epoch >= 0, but was " + value);
    }
  }

  /** Whether this epoch came before the other. */
  public boolean isBefore(NodeEpoch other) {
    return value < other.value;
  }

  @Override
  public int compareTo(NodeEpoch other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
