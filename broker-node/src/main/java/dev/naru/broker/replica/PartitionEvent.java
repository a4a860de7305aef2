package dev.naru.broker.replica;

import dev.naru.log.disk.Damage;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.SortedSet;

/** What an operator may want to know about a partition. */
public sealed interface PartitionEvent {

  /** This node leads from this offset on. */
  record BecameLeader(LeaderEpoch epoch, long epochStart, SortedSet<NodeId> isr)
      implements PartitionEvent {}

  /** This node follows. */
  record BecameFollower(LeaderEpoch epoch, NodeId leader) implements PartitionEvent {}

  /** This node has nothing to do for the partition. */
  record WentOffline(LeaderEpoch epoch, Refused why) implements PartitionEvent {}

  /** The leader wants this replica out of the ISR. */
  record IsrShrinkProposed(NodeId replica, String cause) implements PartitionEvent {}

  /** The leader wants this replica in the ISR. */
  record IsrExpandProposed(NodeId replica) implements PartitionEvent {}

  /** The controller refused a proposal. */
  record IsrProposalRefused(AlterPartition proposal, Refused why) implements PartitionEvent {}

  /** The committed in-sync replicas changed. */
  record IsrChanged(SortedSet<NodeId> before, SortedSet<NodeId> after) implements PartitionEvent {}

  /** The follower's log was cut; what was cut is set aside. */
  record LogTruncated(long from, long to, String why) implements PartitionEvent {}

  /** A subscription was refused by this node, or this node was refused by the leader. */
  record SubscriptionRefused(Optional<NodeId> follower, Refused why) implements PartitionEvent {}

  /** A batch came again that begins at this offset in the log; it was not appended again. */
  record DuplicateMet(long firstOffset) implements PartitionEvent {}

  /** A batch of a producer did not come in its turn. */
  record SequenceRefused(Refused why) implements PartitionEvent {}

  /** A batch came under the numbers of another one that is in the log. */
  record SequenceReused(Refused why) implements PartitionEvent {}

  /** A follower broke the rules of its subscription. */
  record SubscriptionBroken(SubscriptionId subscription, String why) implements PartitionEvent {}

  /** The log of this node does not hold what was written: it is out of use. */
  record CorruptionFound(Damage damage) implements PartitionEvent {}

  /** The follower follows no more in this leader epoch. */
  record FollowerHalted(Refused why) implements PartitionEvent {}

  /** Reading or writing failed: the data directory is out of use. */
  record StorageFailed(String what) implements PartitionEvent {}
}
