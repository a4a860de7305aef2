package dev.naru.broker.coordinator;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;

/** Where a shard tells what an operator may want to know. Calls must not block. */
public interface ShardNotices {

  /** The groups of this partition are coordinated here from now on. */
  void loaded(PartitionId partition, int groups, int keys);

  /** The log of this partition cannot be read: none of its groups is coordinated. */
  void unreadable(PartitionId partition, Refused why);

  /** The shard has ended. */
  void ended(PartitionId partition);

  /**
   * A group shares its partitions anew.
   *
   * @param moved partitions that go to another member
   */
  void rebalanced(String group, int epoch, String cause, int moved);

  /** A member went, and why. */
  void memberGone(String group, String member, String cause);
}
