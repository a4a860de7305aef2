package dev.naru.stories;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How long acknowledgements take, counted from when a record was due, and for how long a partition
 * has none. Written by the thread of callbacks, read by the story.
 */
final class AckTimes {

  /** Tenths of a millisecond up to a minute; what takes longer counts as that. */
  private static final int BUCKETS = 600_000;

  private static final long BUCKET_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final double BUCKETS_PER_MILLI = 10;

  private final long[] counts = new long[BUCKETS]; // guarded by this
  private final long[] lastNanos; // guarded by this
  private long longestNanos; // guarded by this
  private long sum; // guarded by this

  /** Begins at this time. */
  AckTimes(int partitions, long nowNanos) {
    lastNanos = new long[partitions];
    Arrays.fill(lastNanos, nowNanos);
  }

  synchronized void acknowledged(int partition, long dueNanos, long nowNanos) {
    int bucket = Math.clamp((nowNanos - dueNanos) / BUCKET_NANOS, 0, BUCKETS - 1);
    counts[bucket]++;
    sum++;
    longestNanos = Math.max(longestNanos, nowNanos - lastNanos[partition]);
    lastNanos[partition] = nowNanos;
  }

  /** The time within which this share of the records was acknowledged, in milliseconds. */
  synchronized double quantileMillis(double share) {
    long rest = (long) Math.ceil(sum * share);
    int bucket = 0;
    while (bucket < BUCKETS - 1 && rest > counts[bucket]) {
      rest -= counts[bucket++];
    }
    return (bucket + 1) / BUCKETS_PER_MILLI;
  }

  /** The longest time for which a partition had no acknowledgement, up to this time. */
  synchronized long longestGapMillis(long nowNanos) {
    long open = Arrays.stream(lastNanos).map(last -> nowNanos - last).max().orElse(0);
    return TimeUnit.NANOSECONDS.toMillis(Math.max(longestNanos, open));
  }
}
