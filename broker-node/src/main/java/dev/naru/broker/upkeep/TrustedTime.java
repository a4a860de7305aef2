package dev.naru.broker.upkeep;

import dev.naru.broker.runtime.Clocks;
import dev.naru.log.retention.TrustedClock;

/**
 * The time by which it is decided what is old enough to go: never after the true one, unless the
 * wall clock was ahead when the node started. Any thread.
 */
public final class TrustedTime {

  private final Clocks clocks;
  private final TrustedClock clock;

  /** From now on a wall clock that jumps forward is not followed. */
  public TrustedTime(Clocks clocks) {
    this.clocks = clocks;
    this.clock = new TrustedClock(clocks.wallMillis().getAsLong(), clocks.nanos().getAsLong());
  }

  /** The time. */
  public long millis() {
    return clock.millis(clocks.wallMillis().getAsLong(), clocks.nanos().getAsLong());
  }

  /** How much further the wall clock is. */
  long aheadMillis() {
    return clock.aheadMillis(clocks.wallMillis().getAsLong(), clocks.nanos().getAsLong());
  }
}
