package dev.naru.broker.partition;

import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToLeader;
import dev.naru.log.CompactedSegments;
import dev.naru.log.ForceTicket;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Damage;
import dev.naru.log.retention.DropReason;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What can happen to a partition. Only its owner hands these in, in the order in which they came.
 */
public sealed interface PartitionInput {

  /** The node has applied an image; images come in order, but some may be left out. */
  record ImageApplied(PartitionAssignment assignment) implements PartitionInput {}

  /** A client wants a batch appended; the checks of its bytes have passed. */
  record ProduceArrived(ProduceAsked asked) implements PartitionInput {}

  /**
   * A batch failed the checks of its bytes. It comes here nevertheless, so that it is answered in
   * turn and the batches behind it are refused too.
   */
  record ProduceSpoiled(ProduceKey key, Acks acks, Refused why) implements PartitionInput {}

  /**
   * A fetch found nothing to read. It is told through {@link Replies#fetchReady} when the high
   * watermark has passed the offset, the deadline has, or this node no longer leads at this epoch.
   * Where too many wait already it may be told nothing: whoever waits keeps an eye on the deadline.
   */
  record FetchWaits(FetchKey key, LeaderEpoch leaderEpoch, long offset, long deadlineNanos)
      implements PartitionInput {}

  /** The fetch waits no more: answered otherwise, or its stream broke. */
  record FetchGone(FetchKey key) implements PartitionInput {}

  /** A follower says something. */
  record FromFollower(SubscriptionId from, ToLeader message) implements PartitionInput {}

  /** The stream of a follower broke; one of these for each subscription it carried. */
  record FollowerLost(SubscriptionId subscription) implements PartitionInput {}

  /** The leader says something. */
  record FromLeader(NodeId leader, ToFollower message) implements PartitionInput {}

  /** The stream that carried this subscription to the leader broke, or could not be opened. */
  record LeaderLost(NodeId leader, long subscription) implements PartitionInput {}

  /**
   * Bytes that {@link Reads} was asked for, from this offset on; whole batches, none if they cannot
   * be read now.
   */
  record ReadDone(SubscriptionId subscription, long from, BatchBytes batches)
      implements PartitionInput {}

  /** A group commit that covered this ticket is over. */
  record Forced(ForceTicket ticket) implements PartitionInput {}

  /**
   * Compaction is about to begin.
   *
   * @param answer is told from which offset on deletions must stay, because somebody has not met
   *     them; nothing if the log is out of use
   */
  record PurgeEndAsked(Consumer<OptionalLong> answer) implements PartitionInput {}

  /**
   * Compaction has prepared segments that are to take the place of some.
   *
   * @param done is told whether they did
   */
  record SegmentsCompacted(CompactedSegments segments, Consumer<Boolean> done)
      implements PartitionInput {}

  /**
   * The controller refused a proposal for good: whatever was sent for it has no effect any more.
   */
  record ProposalRefused(AlterPartition proposal, Refused why) implements PartitionInput {}

  /**
   * The log is to begin at this offset, up to the high watermark, if this node leads at this epoch.
   */
  record StartDue(LeaderEpoch leaderEpoch, long start, DropReason why) implements PartitionInput {}

  /**
   * The same, and somebody waits until it is so for good.
   *
   * @param done is told once, on the owner's thread: nothing when the start is on the disks of all
   *     in-sync replicas, but for the group commits under way; else why that is not known
   * @param isGone whether nobody waits any more
   */
  record StartAsked(StartDue due, Consumer<Optional<Refused>> done, BooleanSupplier isGone)
      implements PartitionInput {}

  /** The active segment, if it still is the one with this base, has been written to long enough. */
  record RollDue(long base) implements PartitionInput {}

  /**
   * An age has passed: who has not written for more than so many of them is forgotten.
   *
   * @param erasMax at least as many as a ledger that is full protects
   */
  record ProducersAged(int erasMax) implements PartitionInput {}

  /** A file of the data directory could not be read, written or forced: no use of it any more. */
  record StorageFailed(String what) implements PartitionInput {}

  /** A reader found that the log does not hold what was written: no use of it any more. */
  record DamageFound(Damage damage) implements PartitionInput {}

  /** A closed segment has lost its seal, or has another; its batches are sound. */
  record SealLost(long segmentBase) implements PartitionInput {}

  /** What is intact of a damaged log, which is fetched again from there. Nobody else owns it. */
  record LogRepaired(PartitionLog log) implements PartitionInput {}

  /**
   * Somebody looks for a replica that could lead a partition that has no leader.
   *
   * @param epoch the entry that the question is about: of another one nothing is said, as the log
   *     may have changed since, or may change yet
   * @param answer told what is here, or nothing
   */
  record StandingAsked(PartitionEpoch epoch, Consumer<Optional<LogStanding>> answer)
      implements PartitionInput {}

  /**
   * Something is asked of the tenant of a partition of one of Naru's own topics.
   *
   * @param refused told instead of the tenant when there is none here, on the owner's thread
   */
  record TenantAsked(TenantInput input, Consumer<Refused> refused) implements PartitionInput {}

  /** Something that the tenant of this leader epoch waits for; no other one is told. */
  record TenantTold(LeaderEpoch epoch, TenantInput input) implements PartitionInput {}

  /** Time passes; monotonic clock. At least ten times a second, and not for each input. */
  record Tick(long nowNanos) implements PartitionInput {}

  /** The node stops, or the partition moves away: give up the role and answer who waits. */
  record Closed() implements PartitionInput {}
}
