package dev.naru.client.core;

import dev.naru.client.ClientConfig;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubling, bounded, and spread so that clients do not march
 * in step.
 */
public record RetryPolicy(long firstNanos, long mostNanos) {

  /** Keeps the shift within a long for any sensible wait. */
  private static final int DOUBLINGS_MAX = 30;

  /** Refuses waits that are not positive or fall. */
  public RetryPolicy {
    if (firstNanos < 1 || mostNanos < firstNanos) {
      throw new IllegalArgumentException(
          "Expected 1 <= first <= most, but were " + firstNanos + " and " + mostNanos);
    }
  }

  /** By {@code retry.backoff.ms} and {@code retry.backoff.max.ms}. */
  public static RetryPolicy of(ClientConfig config) {
    return new RetryPolicy(config.retryBackoff().toNanos(), config.retryBackoffMax().toNanos());
  }

  /** The wait after so many failures in a row, from one: half to the whole of the bound. */
  public long waitNanos(int failures, RandomGenerator dice) {
    int doublings = Math.min(Math.max(failures - 1, 0), DOUBLINGS_MAX);
    long bound = Math.min(mostNanos, saturated(firstNanos, doublings));
    return bound - dice.nextLong(bound / 2 + 1);
  }

  private static long saturated(long value, int doublings) {
    return value > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : value << doublings;
  }
}
