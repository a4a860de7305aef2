package dev.naru.broker.replica;

import dev.naru.broker.replica.SubscribeAnswer.FitsUpTo;
import dev.naru.broker.replica.SubscribeAnswer.NothingShared;
import dev.naru.broker.replica.SubscribeAnswer.Parts;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.epoch.EpochHistory;

/**
 * Finds where two logs part by comparing leader epochs, never by a high watermark (KIP-101,
 * KIP-279).
 *
 * <p>Within one epoch a single leader wrote, so two replicas that both hold records of an epoch
 * hold the same ones up to the lower of its two ends. Each round moves the follower back to the
 * greatest epoch that both may share; every cut lowers its end, so a few rounds end it.
 */
final class EpochAgreement {

  private EpochAgreement() {}

  /**
   * What a leader whose log spans [logStart, end) tells a follower that stands at this tail. One
   * that has no batch, and stands at an edge of the leader's, is not asked for here.
   */
  static SubscribeAnswer answer(EpochHistory history, long logStart, long end, LogTail follower) {
    long reached = follower.end();
    if (follower.lastEpoch().isEmpty()) {
      // Between them, a batch of the leader's lies across: a start need not be its edge.
      return reached == logStart || reached == end
          ? new FitsUpTo(reached)
          : new NothingShared(logStart);
    }
    if (reached < logStart) {
      return new NothingShared(logStart);
    }
    var lastEpoch = follower.lastEpoch().get();
    var shared = history.endOf(lastEpoch, end);
    if (shared.isEmpty()) {
      return new NothingShared(logStart);
    }
    EpochEnd point = shared.get();
    if (point.epoch().equals(lastEpoch) && reached <= point.endOffset()) {
      return new FitsUpTo(reached);
    }
    // All that the follower still has lies above what is shared, or it has nothing to cut.
    boolean hasNothingOfIt = follower.isEmpty() || point.endOffset() < follower.start();
    return hasNothingOfIt ? new NothingShared(logStart) : new Parts(point);
  }

  /**
   * Where a follower that stands at this tail cuts, told that the leader's log parts there: never
   * below its own start.
   */
  static long cutTo(EpochHistory own, LogTail tail, EpochEnd point) {
    var greatest = own.truncateFrom(tail.end()).endOf(point.epoch(), tail.end());
    if (greatest.isEmpty()) {
      return tail.start();
    }
    EpochEnd mine = greatest.get();
    return mine.epoch().equals(point.epoch())
        ? Math.max(tail.start(), Math.min(point.endOffset(), mine.endOffset()))
        : mine.endOffset();
  }
}
