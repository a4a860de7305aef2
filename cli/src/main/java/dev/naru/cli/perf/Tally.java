package dev.naru.cli.perf;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/** What became of the records. Each thread counts in a share of its own; one thread reads all. */
final class Tally {

  private static final long LATENCY_MICROS_MAX = TimeUnit.HOURS.toMicros(1);
  private static final int DIGITS = 3;

  private final List<Share> shares = new CopyOnWriteArrayList<>();
  private final Histogram all = new Histogram(LATENCY_MICROS_MAX, DIGITS);
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

  /** For one more thread that counts. */
  Share share() {
    var share = new Share();
    shares.add(share);
    return share;
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
    var recent = new Histogram(LATENCY_MICROS_MAX, DIGITS);
    for (var share : shares) {
      recent.add(share.latencies.getIntervalHistogram());
    }
    all.add(recent);
    return new Latencies(recent);
  }

  /** Everything. */
  Latencies all() {
    sinceLastTime();
    return new Latencies(all);
  }

  /** What one thread counts. Failures may come from any thread. */
  final class Share {

    private final SingleWriterRecorder latencies =
        new SingleWriterRecorder(LATENCY_MICROS_MAX, DIGITS);

    /** One record was acknowledged after so long; always the same thread says so. */
    void took(long nanos) {
      latencies.recordValue(
          Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, LATENCY_MICROS_MAX));
    }

    void failed(Throwable cause) {
      failed.increment();
      firstFailure.compareAndSet(null, cause);
    }

    boolean hasFailed() {
      return Tally.this.hasFailed();
    }
  }
}
