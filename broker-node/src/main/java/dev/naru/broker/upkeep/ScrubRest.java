package dev.naru.broker.upkeep;

import java.util.concurrent.TimeUnit;

/**
 * The rest after a read of the scrubber: as long as the rate wants, and nine times as long as the
 * read took, because a disk that is busy answers late and is left alone accordingly.
 *
 * @param bytes that were read
 * @param tookNanos how long that took
 * @param sinceNanos when it was done
 */
record ScrubRest(long bytes, long tookNanos, long sinceNanos) {

  private static final int REST_FACTOR = 9;

  /** What is left of it at this rate, above 0, which may be another one than when it began. */
  long leftNanos(long nowNanos, long bytesPerSecond) {
    long atRate = (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
    return Math.max(atRate, REST_FACTOR * tookNanos) - (nowNanos - sinceNanos);
  }
}
