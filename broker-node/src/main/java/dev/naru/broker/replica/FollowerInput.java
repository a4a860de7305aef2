package dev.naru.broker.replica;

import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.metadata.image.Losses;
import dev.naru.types.Refused;

/**
 * What can happen to a follower of a partition. Messages of a subscription that is no longer live,
 * or of another leader epoch, never get here.
 */
public sealed interface FollowerInput {

  /** The role begins. */
  record Begun() implements FollowerInput {}

  /**
   * The leader orders a cut; with the follower's own log as it is now.
   *
   * @param losses those in this node's image that came after the leader epoch it last agreed with
   */
  record TruncateOrdered(TruncateOrder order, EpochHistory history, LogTail tail, Losses losses)
      implements FollowerInput {}

  /**
   * The leader accepts; with the follower's own log as it is now.
   *
   * @param isCountedOn whether it has a place in ISR or ELR by the image that this node has
   * @param losses those in that image that came after the leader epoch it last agreed with
   */
  record Accepted(AcceptOrder order, LogTail tail, boolean isCountedOn, Losses losses)
      implements FollowerInput {}

  /** Batches arrived. */
  record BatchesArrived(BatchesFrame frame) implements FollowerInput {}

  /** What rides along arrived alone. */
  record WatermarkArrived(WatermarkFrame frame) implements FollowerInput {}

  /** A declared loss turns out to begin earlier, and nothing above was committed for sure. */
  record WatermarkLowered(long highWatermark) implements FollowerInput {}

  /** The batches were appended; the log now ends here. */
  record Appended(BatchesFrame frame, long end) implements FollowerInput {}

  /** The batches do not continue the log; nothing was appended. */
  record AppendRefused(Refused why) implements FollowerInput {}

  /** The leader does not serve the subscription. */
  record SubscriptionRefused(Refused why) implements FollowerInput {}

  /** The stream to the leader broke, or never stood. */
  record SubscriptionLost() implements FollowerInput {}

  /** Time passes; monotonic clock. */
  record Tick(long nowNanos) implements FollowerInput {}
}
