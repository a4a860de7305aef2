package dev.naru.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until a test turns it. It tells both kinds of time: the monotonic one
 * for intervals and the wall's for timestamps. Other threads may read it while the test turns it.
 */
public final class ManualClock implements InstantSource {

  /** Any number but zero, so that a test notices code that takes the origin for the beginning. */
  private static final long ORIGIN_NANOS = 1_000_000_000_000L;

  private final Instant start;
  private final AtomicLong nanos = new AtomicLong(ORIGIN_NANOS);

  private ManualClock(Instant start) {
    this.start = start;
  }

  /** A clock whose wall time is the first moment of 2026, in UTC. */
  public static ManualClock started() {
    return startedAt(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** A clock that shows this wall time. */
  public static ManualClock startedAt(Instant start) {
    return new ManualClock(start);
  }

  /** Monotonic time: only differences mean anything. */
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos.get() - ORIGIN_NANOS);
  }

  /** Turns both kinds of time forward. */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("Expected time to go forward, but was " + by);
    }
    nanos.addAndGet(by.toNanos());
  }
}
