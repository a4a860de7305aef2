package dev.naru.broker.replica;

import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.producer.Verdict;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.types.Refused;
import java.util.OptionalInt;

/** What can happen to the leader of a partition. */
public sealed interface LeaderInput {

  /**
   * A client wants a batch appended.
   *
   * @param verdict what the log's ledger of producers makes of it
   */
  record Produced(ProduceAsked asked, Verdict verdict) implements LeaderInput {}

  /** The batch was appended from the first offset on; the log now ends at {@code end}. */
  record Appended(ProduceAsked asked, long firstOffset, long end) implements LeaderInput {}

  /**
   * Everything below the end is on the leader's disk.
   *
   * @param logStart where its log begins after a crash, or later
   */
  record Durable(long end, long logStart) implements LeaderInput {}

  /**
   * A follower wants to subscribe.
   *
   * @param history the leader's own
   * @param logStart where the first batch of the leader's log begins
   * @param crcAtTail checksum of the leader's batch that ends where the follower's log ends, if
   *     there is one
   * @param forgotten what is gone from the leader's own log
   */
  record SubscribeAsked(
      SubscriptionId from,
      SubscribeRequest request,
      EpochHistory history,
      long logStart,
      OptionalInt crcAtTail,
      ForgottenDeletions forgotten)
      implements LeaderInput {

    /**
     * Whether the follower has no batch, and stands where one of the leader's ends: it may go on
     * there, as its own log may have lost everything below to retention.
     */
    public boolean fitsAtAnEdge() {
      return request.tail().lastEpoch().isEmpty() && crcAtTail.isPresent();
    }

    /** Whether the same batch ends there in both logs, as far as the follower tells. */
    public boolean isSameBatchAtTail() {
      var itsCrc = request.tail().lastCrc();
      return itsCrc.isEmpty() || itsCrc.equals(crcAtTail);
    }

    /** Whether both logs have a batch that ends there, and it is not the same one. */
    public boolean isOtherBatchAtTail() {
      var itsCrc = request.tail().lastCrc();
      return itsCrc.isPresent()
          && crcAtTail.isPresent()
          && itsCrc.getAsInt() != crcAtTail.getAsInt();
    }

    /**
     * Whether the follower may hold what was deleted, and will never hear of it: the deletion was
     * after its end, and is gone here. Unless nothing in it can be deleted by any of them.
     */
    public boolean mayHoldWhatWasPurged() {
      var tail = request.tail();
      return !tail.isEmpty()
          && tail.end() < forgotten.purgedBelow()
          && tail.cleanBelow() < forgotten.purgedBelow();
    }

    String describeTails() {
      return "Expected the batch of node %s that ends at %d to have checksum %08x, but was %08x"
          .formatted(
              from.follower(),
              request.tail().end(),
              crcAtTail.orElse(0),
              request.tail().lastCrc().orElse(0));
    }
  }

  /** A follower tells how far it is. */
  record FollowerReported(SubscriptionId from, ProgressReport report) implements LeaderInput {}

  /** A subscription is over: given up by the follower, or its stream broke. */
  record SubscriptionEnded(SubscriptionId subscription) implements LeaderInput {}

  /** The image changed and this node still leads at the same leader epoch. */
  record Reassigned(PartitionAssignment assignment) implements LeaderInput {}

  /** The controller refused the pending proposal for good. */
  record ProposalRefused(AlterPartition proposal, Refused why) implements LeaderInput {}

  /** Time passes; monotonic clock. */
  record Tick(long nowNanos) implements LeaderInput {}
}
