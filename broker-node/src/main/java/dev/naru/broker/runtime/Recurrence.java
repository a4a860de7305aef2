package dev.naru.broker.runtime;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Says when something is due that is repeated at an interval which may change meanwhile: another
 * interval counts from the last time on. Belongs to the thread that asks.
 */
public final class Recurrence {

  private final Supplier<Duration> interval;
  private long lastNanos;

  /** The first time is due an interval after the start. */
  public Recurrence(Supplier<Duration> interval, long startNanos) {
    this.interval = interval;
    this.lastNanos = startNanos;
  }

  /** Whether it is due now; then the next interval begins. */
  public boolean isDue(long nowNanos) {
    if (Duration.ofNanos(nowNanos - lastNanos).compareTo(interval.get()) < 0) {
      return false;
    }
    lastNanos = nowNanos;
    return true;
  }
}
