package dev.naru.broker.replica;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;

/** What a follower tells the leader of a partition. */
public sealed interface ToLeader {

  /** The subscription this belongs to. */
  long subscription();

  /**
   * Begins or renews the following of a partition.
   *
   * @param leaderEpoch the one the follower has applied
   * @param partitionEpoch the one the follower has applied
   * @param tail where its log stands
   * @param creditBytes how much the leader may send before it is granted more
   */
  record SubscribeRequest(
      long subscription,
      PartitionId partition,
      LeaderEpoch leaderEpoch,
      PartitionEpoch partitionEpoch,
      LogTail tail,
      long creditBytes)
      implements ToLeader {}

  /**
   * How far the follower's log and its durable part reach.
   *
   * @param logStart where its log begins after a crash, or later
   */
  record ProgressReport(
      long subscription, LeaderEpoch leaderEpoch, long end, long durableEnd, long logStart)
      implements ToLeader {}

  /** Room for so many more bytes. */
  record CreditGrant(long subscription, long bytes) implements ToLeader {}

  /** The follower has no more use for the subscription. */
  record Unsubscribe(long subscription) implements ToLeader {}
}
