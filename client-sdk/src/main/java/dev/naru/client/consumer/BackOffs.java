package dev.naru.client.consumer;

import dev.naru.client.core.Reading;
import dev.naru.client.core.RetryPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Which partitions are left alone for a moment, because their leader is away or said no. */
final class BackOffs {

  private final RetryPolicy retry;
  private final RandomGenerator dice;
  private final Map<Reading, BackOff> byReading = new LinkedHashMap<>();

  BackOffs(RetryPolicy retry, RandomGenerator dice) {
    this.retry = retry;
    this.dice = dice;
  }

  void failed(Reading reading, long nowNanos) {
    var before = byReading.get(reading);
    int failures = before == null ? 1 : before.failures + 1;
    byReading.put(reading, new BackOff(failures, nowNanos + retry.waitNanos(failures, dice)));
  }

  void succeeded(Reading reading) {
    byReading.remove(reading);
  }

  boolean holds(Reading reading, long nowNanos) {
    var backOff = byReading.get(reading);
    return backOff != null && backOff.untilNanos - nowNanos > 0;
  }

  boolean holdsAny(long nowNanos) {
    for (var backOff : byReading.values()) {
      if (backOff.untilNanos - nowNanos > 0) {
        return true;
      }
    }
    return false;
  }

  /** There may be other leaders now. */
  void clear() {
    byReading.clear();
  }

  private record BackOff(int failures, long untilNanos) {}
}
