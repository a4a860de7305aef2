package dev.naru.simulation.invariant;

import dev.naru.types.PartitionId;

/** Something that must never happen has happened. */
public final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String invariant;
  private final transient PartitionId partition;

  public Violation(String invariant, PartitionId partition, String what) {
    super(invariant + ", partition " + partition.partition() + ": " + what);
    this.invariant = invariant;
    this.partition = partition;
  }

  public String invariant() {
    return invariant;
  }

  public PartitionId partition() {
    return partition;
  }
}
