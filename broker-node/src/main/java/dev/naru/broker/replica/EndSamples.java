package dev.naru.broker.replica;

import java.util.OptionalLong;

/**
 * Remembers where the leader's log ended at past moments, so that "behind for longer than the
 * allowed lag" means exactly that: still below the end that the leader had that long ago.
 */
final class EndSamples {

  /** An allowed lag is divided in so many steps; a replica is caught at most one step late. */
  private static final int STEPS = 32;

  /**
   * Ticks come ten times a second; that one or two come late is not sleep, however short the lag.
   */
  private static final long SLEPT_NANOS_MIN = 300_000_000L;

  private final long lagNanos;
  // A ring of the newest samples, oldest at `first`: more than steps, so that one is old enough.
  private final long[] nanos = new long[STEPS + 2];
  private final long[] ends = new long[STEPS + 2];
  private int first;
  private int count;

  EndSamples(long lagNanos) {
    this.lagNanos = lagNanos;
  }

  /** Shorter times are not told apart. */
  long stepNanos() {
    return lagNanos / STEPS;
  }

  /** At most the allowed lag: what was before is not remembered. */
  long within(long agoNanos) {
    return Math.min(agoNanos, lagNanos);
  }

  void note(long nowNanos, long end) {
    if (count > 0) {
      long sinceLast = nowNanos - nanos[at(count - 1)];
      if (sinceLast < stepNanos()) {
        return;
      }
      if (sinceLast > Math.max(lagNanos / 2, SLEPT_NANOS_MIN)) {
        // This node slept: what its followers sent meanwhile may not have been read yet.
        count = 0;
      }
    }
    if (count == nanos.length) {
      first = at(1);
      count--;
    }
    nanos[at(count)] = nowNanos;
    ends[at(count)] = end;
    count++;
  }

  /**
   * The end as it was the allowed lag ago, or a little before; empty when that is not remembered
   * yet.
   */
  OptionalLong endBeforeLag(long nowNanos) {
    return endBefore(nowNanos, lagNanos);
  }

  /** The same for a time that is no longer than the allowed lag. */
  OptionalLong endBefore(long nowNanos, long agoNanos) {
    for (int i = count - 1; i >= 0; i--) {
      if (nowNanos - nanos[at(i)] >= agoNanos) {
        return OptionalLong.of(ends[at(i)]);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * For how long at least the leader has had more than this; 0 if it had not at the newest sample,
   * and counted up to the oldest.
   */
  long nanosBehind(long nowNanos, long followerEnd) {
    long since = nowNanos;
    for (int i = count - 1; i >= 0 && ends[at(i)] > followerEnd; i--) {
      since = nanos[at(i)];
    }
    return nowNanos - since;
  }

  private int at(int index) {
    return (first + index) % nanos.length;
  }
}
