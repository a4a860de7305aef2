package dev.naru.broker.replica;

import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.producer.ProducerState;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.util.List;

/** What the leader of a partition tells a follower, within one of its subscriptions. */
public sealed interface ToFollower {

  /** The subscription this belongs to. */
  long subscription();

  /** The leader does not serve this subscription, which ends with it. */
  record Refusal(long subscription, Refused why) implements ToFollower {}

  /**
   * Cut back to where the histories may agree, then subscribe again; the subscription ends with it.
   *
   * @param point the greatest epoch both may share, and where it ends at the leader
   */
  record TruncateOrder(long subscription, LeaderEpoch leaderEpoch, EpochEnd point)
      implements ToFollower {}

  /**
   * The follower's log fits; batches follow.
   *
   * @param from the offset at which the first of them starts
   * @param startOver true when the follower must first set aside what it has
   * @param logStart where the first batch of the leader's log begins; batches tell of its start
   * @param forgotten what is gone from the leader's log
   * @param producers what the leader's log knows of producers from before that offset, if the
   *     follower has no log to know them from
   * @param hasMore whether the same order follows once more, with further producers
   */
  record AcceptOrder(
      long subscription,
      LeaderEpoch leaderEpoch,
      long from,
      boolean startOver,
      long logStart,
      ForgottenDeletions forgotten,
      List<ProducerState> producers,
      boolean hasMore)
      implements ToFollower {

    /** Copies the list. */
    public AcceptOrder {
      producers = List.copyOf(producers);
    }

    /** One that tells of no producer. */
    public AcceptOrder(
        long subscription,
        LeaderEpoch leaderEpoch,
        long from,
        boolean startOver,
        long logStart,
        ForgottenDeletions forgotten) {
      this(subscription, leaderEpoch, from, startOver, logStart, forgotten, List.of(), false);
    }

    /** The same that tells of these. */
    public AcceptOrder telling(List<ProducerState> told, boolean moreFollow) {
      return new AcceptOrder(
          subscription, leaderEpoch, from, startOver, logStart, forgotten, told, moreFollow);
    }
  }

  /** Stored batches in offset order, and what rides along. */
  record BatchesFrame(
      long subscription,
      LeaderEpoch leaderEpoch,
      long highWatermark,
      long logStart,
      BatchBytes batches)
      implements ToFollower {}

  /** What would ride along with batches, when none is due. */
  record WatermarkFrame(
      long subscription, LeaderEpoch leaderEpoch, long highWatermark, long logStart)
      implements ToFollower {}
}
