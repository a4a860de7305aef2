package dev.naru.bench.versus.probe;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long records were on their way, from when each was to be sent to when a poll returned it. All
 * must come, and none twice: a system that loses or doubles is not measured.
 */
public final class Arrivals {

  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final int warmup;
  private final long[] nanos; // of those that count, in the order in which they came
  private final BitSet seen = new BitSet();
  private int counted;
  private long firstNanos;
  private long lastNanos;

  /** The first so many do not count, and then so many do. */
  public Arrivals(int warmup, int counted) {
    this.warmup = warmup;
    this.nanos = new long[counted];
  }

  /** A poll that returned at this time has brought this value. */
  public void take(byte[] value, long nowNanos) {
    long number = StampedValues.numberOf(value);
    if (number < 0 || number >= warmup + (long) nanos.length) {
      throw new IllegalStateException(
          "Expected records 0 to %d, but number %d came"
              .formatted(warmup + nanos.length - 1, number));
    }
    if (seen.get((int) number)) {
      throw new IllegalStateException(
          "Expected each record once, but number " + number + " came twice");
    }
    seen.set((int) number);
    if (number >= warmup) {
      firstNanos = counted == 0 ? nowNanos : firstNanos;
      lastNanos = nowNanos;
      nanos[counted++] = nowNanos - StampedValues.dueNanosOf(value);
    }
  }

  /** Whether all have come. */
  public boolean areComplete() {
    return seen.cardinality() == warmup + nanos.length;
  }

  /** How many have come. */
  public int count() {
    return seen.cardinality();
  }

  /** What came out, as a line of JSON. */
  public String summary() {
    Arrays.sort(nanos, 0, counted);
    return String.format(
        Locale.ROOT,
        "{\"records\":%d,\"seconds\":%.6f,\"latencyMs\":{\"mean\":%.3f,\"p50\":%.3f,\"p99\":%.3f,"
            + "\"p999\":%.3f,\"max\":%.3f}}",
        counted,
        (lastNanos - firstNanos) / (double) TimeUnit.SECONDS.toNanos(1),
        Arrays.stream(nanos, 0, counted).average().orElse(0) / NANOS_PER_MILLI,
        percentile(50),
        percentile(99),
        percentile(99.9),
        percentile(100));
  }

  /** The least that so many percent do not exceed. */
  private double percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * counted);
    return counted == 0 ? 0 : nanos[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
  }
}
