package dev.naru.cli.perf;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** What became of the records. Any thread counts; one thread reads. */
final class Tally {

  private static final long LATENCY_MICROS_MAX = TimeUnit.HOURS.toMicros(1);
  private static final int DIGITS = 3;

  private final Recorder latencies = new Recorder(LATENCY_MICROS_MAX, DIGITS);
  private final Histogram all = new Histogram(LATENCY_MICROS_MAX, DIGITS);
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

  void took(long nanos) {
    latencies.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, LATENCY_MICROS_MAX));
  }

  void failed(Throwable cause) {
    failed.increment();
    firstFailure.compareAndSet(null, cause);
  }

  boolean hasFailed() {
    return firstFailure.get() != null;
  }

  Optional<Throwable> firstFailure() {
    return Optional.ofNullable(firstFailure.get());
  }

  long failedCount() {
    return failed.sum();
  }

  /** What came since the last call. */
  Latencies sinceLastTime() {
    var recent = latencies.getIntervalHistogram();
    all.add(recent);
    return new Latencies(recent);
  }

  /** Everything. */
  Latencies all() {
    sinceLastTime();
    return new Latencies(all);
  }
}
