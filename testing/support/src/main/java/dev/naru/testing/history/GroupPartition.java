package dev.naru.testing.history;

import java.util.Comparator;

/** A partition as a group reads it. */
record GroupPartition(int group, PartitionName name) implements Comparable<GroupPartition> {

  private static final Comparator<GroupPartition> ORDER =
      Comparator.comparingInt(GroupPartition::group).thenComparing(GroupPartition::name);

  @Override
  public int compareTo(GroupPartition other) {
    return ORDER.compare(this, other);
  }
}
