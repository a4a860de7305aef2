package dev.naru.cli.records;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * So many a second, evenly. One that comes late is not waited for, and the rest keep their times.
 */
public final class Pace {

  private final double nanosEach;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private long count;

  /** A rate of 0 is none: everything is due at once. */
  public Pace(double perSecond, LongSupplier nanoTime) {
    this.nanosEach = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  /** Waits until the next one is due, and returns when that was or is. */
  public long awaitNext() {
    return awaitNext(nanoTime.getAsLong());
  }

  /** The same for who has just looked at the clock. */
  public long awaitNext(long nowNanos) {
    if (nanosEach == 0) {
      return nowNanos;
    }
    long due = startNanos + (long) (count++ * nanosEach);
    for (long wait = due - nowNanos; wait > 0; wait = due - nanoTime.getAsLong()) {
      LockSupport.parkNanos(wait);
    }
    return due;
  }
}
