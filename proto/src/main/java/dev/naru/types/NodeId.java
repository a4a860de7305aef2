package dev.naru.types;

/** A node's id, chosen by its operator: {@code node.id}. */
public record NodeId(int value) implements Comparable<NodeId> {

  /** Refuses ids below zero. */
  public NodeId {
    if (value < 0) {
      throw new IllegalArgumentException("Expected a node id >= 0, but was " + value);
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
