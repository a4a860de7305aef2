package dev.naru.log.compaction;

import dev.naru.log.segment.SegmentState;
import dev.naru.types.CompactionLimits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What of a log could be compacted now, and whether it should be.
 *
 * <pre>
 * start        clean end             cleanable end        active segment
 *   |  no key twice |  anything goes       |  too young, not committed, or open
 * </pre>
 *
 * @param cleanEnd where the dirty part begins
 * @param cleanableEnd where it ends: at the edge of a segment
 * @param cleanBytes of the segments before the dirty part
 * @param dirtyBytes of the segments with the dirty part
 * @param why what makes it due now, if anything does
 */
public record CompactionPlan(
    long cleanEnd, long cleanableEnd, long cleanBytes, long dirtyBytes, Optional<Reason> why) {

  /** Why a log is compacted. */
  public enum Reason {
    /** Enough of it was never compacted. */
    DIRTY,
    /** Something in it has waited for too long. */
    LATE,
    /** Deletions in it may be forgotten. */
    DELETIONS
  }

  /**
   * What there is to know about a log.
   *
   * @param start its first offset
   * @param closed its closed segments
   * @param below nothing from here on may be touched: it is not committed, or not on record as
   *     durable with the segment after it
   * @param state how far it was compacted before
   * @param firstDirtyMillis time of the first batch that was never compacted, if there is one
   */
  public record Subject(
      long start,
      List<SegmentState> closed,
      long below,
      CleanState state,
      OptionalLong firstDirtyMillis) {}

  /** What could be done at this time. */
  public static CompactionPlan of(Subject log, CompactionLimits config, long nowMillis) {
    long cleanableEnd = cleanableEnd(log, config, nowMillis);
    long cleanEnd = Math.min(Math.max(log.state.cleanEnd(), log.start), cleanableEnd);
    long clean = 0;
    long dirty = 0;
    for (SegmentState segment : log.closed) {
      if (segment.end() <= log.start || segment.end() > cleanableEnd) {
        continue;
      }
      if (segment.end() <= cleanEnd) {
        clean += segment.bytes();
      } else {
        dirty += segment.bytes();
      }
    }
    var plan = new CompactionPlan(cleanEnd, cleanableEnd, clean, dirty, Optional.empty());
    return new CompactionPlan(
        cleanEnd, cleanableEnd, clean, dirty, plan.why(log, config, nowMillis));
  }

  /** The first offset of what is too young, not committed, or open. */
  private static long cleanableEnd(Subject log, CompactionLimits config, long nowMillis) {
    long end = 0; // not the start: that may lie inside a segment that must not be touched
    for (SegmentState segment : log.closed) {
      boolean isYoung =
          config.lagMinMillis() > 0 && segment.maxTimestamp() > nowMillis - config.lagMinMillis();
      if (segment.end() > log.below || isYoung) {
        return end;
      }
      end = segment.end();
    }
    return end;
  }

  private Optional<Reason> why(Subject log, CompactionLimits config, long nowMillis) {
    var first = log.firstDirtyMillis;
    if (dirtyBytes > 0
        && first.isPresent()
        && nowMillis - first.getAsLong() >= config.lagMaxMillis()) {
      return Optional.of(Reason.LATE); // first: this is a promise
    }
    if (dirtyBytes > 0 && dirtyRatio() >= config.dirtyRatioMin()) {
      return Optional.of(Reason.DIRTY);
    }
    var horizon = log.state.nextHorizon();
    return horizon.isPresent() && horizon.getAsLong() <= nowMillis && cleanEnd > log.start
        ? Optional.of(Reason.DELETIONS)
        : Optional.empty();
  }

  /** Which share of what could be compacted never was. */
  public double dirtyRatio() {
    long all = cleanBytes + dirtyBytes;
    return all == 0 ? 0 : (double) dirtyBytes / all;
  }

  /** Whether there is something to do. */
  public boolean isDue() {
    return why.isPresent();
  }
}
