package dev.naru.cli.perf;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When records begin to count, and when there are enough. The same for all producers of a load.
 *
 * @param nanoTime the time now
 * @param countsFromNanos when the warm-up ends
 * @param nanosMax how long records count
 */
record LoadClock(LongSupplier nanoTime, long countsFromNanos, long nanosMax) {

  /** Starts now. */
  static LoadClock start(Load load, LongSupplier nanoTime) {
    return new LoadClock(
        nanoTime,
        nanoTime.getAsLong() + load.warmup().toNanos(),
        load.duration().map(Duration::toNanos).orElse(Long.MAX_VALUE));
  }

  long nowNanos() {
    return nanoTime.getAsLong();
  }

  /** Nanoseconds since records count; negative during the warm-up. */
  long countedNanos() {
    return nowNanos() - countsFromNanos;
  }

  boolean isWarmingUp() {
    return countedNanos() < 0;
  }

  boolean isOver(long nowNanos) {
    return nowNanos - countsFromNanos >= nanosMax;
  }

  double warmupSecondsLeft() {
    return Math.max(0, -countedNanos()) / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
