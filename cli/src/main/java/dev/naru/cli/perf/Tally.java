package dev.naru.cli.perf;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
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
    shares.forEach(share -> share.moveTo(recent));
    all.add(recent);
    return new Latencies(recent);
  }

  /** Everything, but what shares still have aside. */
  Latencies all() {
    sinceLastTime();
    return new Latencies(all);
  }

  /**
   * What one thread counts. It puts figures aside and enters many at a time, so that a record costs
   * no lock.
   */
  final class Share {

    private static final int ASIDE_MAX = 1024;
    private static final long ASIDE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    private final long[] aside = new long[ASIDE_MAX];
    private int asideCount;
    private long enteredNanos;
    private final Histogram entered = // synchronized guards it: the thread that reads empties it
        new Histogram(LATENCY_MICROS_MAX, DIGITS);

    /** What was due then is acknowledged now; always the same thread says so. */
    void took(long dueNanos, long nowNanos) {
      aside[asideCount++] = nowNanos - dueNanos;
      if (asideCount == ASIDE_MAX || nowNanos - enteredNanos > ASIDE_NANOS_MAX) {
        enterAll();
        enteredNanos = nowNanos;
      }
    }

    /** Enters what is still aside, once that thread counts no more. */
    synchronized void enterAll() {
      for (int i = 0; i < asideCount; i++) {
        entered.recordValue(
            Math.clamp(TimeUnit.NANOSECONDS.toMicros(aside[i]), 0, LATENCY_MICROS_MAX));
      }
      asideCount = 0;
    }

    private synchronized void moveTo(Histogram target) {
      target.add(entered);
      entered.reset();
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
