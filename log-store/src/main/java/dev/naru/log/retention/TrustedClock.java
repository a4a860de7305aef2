package dev.naru.log.retention;

/**
 * A wall clock that may only be believed as far as a monotonic clock bears it out. It shows what
 * the wall clock shows, but never more than the wall clock's time at the start of the process plus
 * what has passed since by the monotonic clock. So a wall clock that jumps forward makes nothing
 * older than it is; one that jumps back is followed, and when it comes back so does this one.
 *
 * <p>A wall clock that was ahead already when the process started cannot be told from a right one;
 * one that was behind, and is set right, is believed again after the next start.
 */
public record TrustedClock(long wallMillisAtStart, long nanosAtStart) {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The time, from what both clocks show now. */
  public long millis(long wallMillis, long nanos) {
    return Math.min(wallMillis, wallMillisAtStart + passedMillis(nanos));
  }

  /** By how much the wall clock has been moved forward since the start, as far as it was. */
  public long aheadMillis(long wallMillis, long nanos) {
    return wallMillis - millis(wallMillis, nanos);
  }

  private long passedMillis(long nanos) {
    return (nanos - nanosAtStart) / NANOS_PER_MILLI;
  }
}
