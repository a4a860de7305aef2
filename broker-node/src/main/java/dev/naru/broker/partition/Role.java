package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToLeader;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;

/**
 * What a partition does in its present role, for as long as the leader epoch lasts. A role answers
 * whoever waits for an answer; what is not meant for it came too late, and is ignored.
 */
sealed interface Role permits LeaderRole, FollowerRole, OfflineRole {

  /** To be called once, before anything else. */
  void begin();

  /** Gives up whatever waits. The log may be out of use; nothing is called afterwards. */
  void end();

  void produce(ProduceAsked asked);

  void fetchWaits(FetchWaits waits);

  void fromFollower(SubscriptionId from, ToLeader message);

  /** A newer image under which the role goes on. */
  default void reassigned(PartitionAssignment assignment) {}

  /** The log is durable up to here. */
  default void durable(long end) {}

  /** Only a leader decides where the log begins. */
  default void startDue(StartDue due) {}

  void startAsked(StartAsked asked);

  /** Only where this node leads, somebody is there to be asked. */
  void tenantAsked(TenantAsked asked);

  default void tenantTold(TenantTold told) {}

  default void tick(long nowNanos) {}

  /** Whether ticks change nothing until something else comes in. */
  default boolean isAtRest() {
    return true;
  }

  /** Whether the usual time between ticks is too long for what it waits for. */
  default boolean isImpatient() {
    return false;
  }

  /** From which offset on somebody who copies from this log still has to meet its deletions. */
  default long purgeEnd() {
    return Long.MAX_VALUE;
  }

  /** The turn is over. */
  default void settle() {}

  default void fetchGone(FetchKey key) {}

  default void followerLost(SubscriptionId subscription) {}

  default void fromLeader(NodeId leader, ToFollower message) {}

  default void leaderLost(NodeId leader, long subscription) {}

  default void readDone(ReadDone read) {}

  default void proposalRefused(AlterPartition proposal, Refused why) {}
}
