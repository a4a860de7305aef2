package dev.naru.broker.upkeep;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How the lag of a group has changed over the last minutes. Owned by whoever measures; what it says
 * is a {@link Growth}.
 */
final class LagTrend {

  /** Over so long lag is compared: one slow batch is no trend. */
  static final Duration SPAN = Duration.ofMinutes(5);

  /** Between two samples that are kept. */
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long records) {}

  /**
   * What the lag was and is, in records.
   *
   * @param before five minutes ago
   */
  record Growth(long before, long now) {

    /** By a tenth and by what is no accident: the last batch of each of many partitions. */
    boolean isRising() {
      return now - before > Math.max(100, before / 10);
    }
  }

  /**
   * The lag now; tells the growth once five minutes are known, else as if it had been always so.
   */
  Growth add(long nowNanos, long records) {
    if (samples.isEmpty() || nowNanos - samples.getLast().nanos >= INTERVAL.toNanos()) {
      samples.add(new Sample(nowNanos, records));
    }
    long from = nowNanos - SPAN.toNanos();
    var oldest = samples.removeFirst();
    while (!samples.isEmpty() && samples.getFirst().nanos - from <= 0) {
      oldest = samples.removeFirst();
    }
    samples.addFirst(oldest); // the newest that is old enough
    return new Growth(oldest.nanos - from <= 0 ? oldest.records : records, records);
  }
}
