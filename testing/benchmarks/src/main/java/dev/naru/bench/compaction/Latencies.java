package dev.naru.bench.compaction;

import dev.naru.bench.versus.process.BenchmarkFailure;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/**
 * Of some records, in nanoseconds.
 *
 * @param acked until the producer knew that it is stored
 * @param read until the consumer had it
 * @param fetched from when the producer knew until the consumer had it, which may be before
 */
record Latencies(Histogram acked, Histogram read, Histogram fetched) {

  private static final int DIGITS = 3;
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** Of the records with these numbers; refuses one that was not read. */
  static Latencies of(int from, int to, AtomicLongArray acked, AtomicLongArray read) {
    var latencies =
        new Latencies(new Histogram(DIGITS), new Histogram(DIGITS), new Histogram(DIGITS));
    for (int i = from; i < to; i++) {
      if (acked.get(i) == 0 || read.get(i) == 0) {
        throw new BenchmarkFailure("Expected record %d to be stored and read".formatted(i));
      }
      latencies.acked.recordValue(acked.get(i));
      latencies.read.recordValue(read.get(i));
      latencies.fetched.recordValue(Math.max(0, read.get(i) - acked.get(i)));
    }
    return latencies;
  }

  /** From when a record was due until the consumer had it. */
  double readMillis99() {
    return millis(read, 99);
  }

  /** What the consumer had to wait for once the record was there. */
  double fetchedMillis99() {
    return millis(fetched, 99);
  }

  private static double millis(Histogram of, double percentile) {
    return of.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "records=%d read: %s acked: %s fetched: %s",
        read.getTotalCount(),
        text(read),
        text(acked),
        text(fetched));
  }

  private static String text(Histogram of) {
    return String.format(
        Locale.ROOT,
        "p50=%.2f p99=%.2f p99.9=%.2f max=%.1f ms",
        millis(of, 50),
        millis(of, 99),
        millis(of, 99.9),
        millis(of, 100));
  }
}
