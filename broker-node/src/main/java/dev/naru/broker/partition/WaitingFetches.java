package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.FetchWaits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Fetches that found nothing to read and wait for the high watermark to pass their offset. */
final class WaitingFetches {

  /**
   * Fetches, a few dozen bytes each. One more is not noted, and nothing but its own deadline ends
   * its waiting: told to look again, it would find nothing, and be back at once.
   */
  private static final int WAITING_MAX = 10_000;

  private final Replies replies;
  private final Map<FetchKey, FetchWaits> byKey = new LinkedHashMap<>();

  // Bounds that let most calls return without looking at each. Too low after a removal, at worst.
  private long offsetMin = Long.MAX_VALUE;
  private long firstDeadlineNanos;

  WaitingFetches(Replies replies) {
    this.replies = replies;
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }

  void add(FetchWaits waits) {
    if (byKey.size() >= WAITING_MAX) {
      return;
    }
    if (byKey.isEmpty() || waits.deadlineNanos() - firstDeadlineNanos < 0) {
      firstDeadlineNanos = waits.deadlineNanos();
    }
    byKey.put(waits.key(), waits);
    offsetMin = Math.min(offsetMin, waits.offset());
  }

  void remove(FetchKey key) {
    byKey.remove(key);
  }

  void wakeBelow(long highWatermark) {
    if (highWatermark > offsetMin) {
      wake(waits -> waits.offset() < highWatermark);
    }
  }

  void expire(long nowNanos) {
    if (!byKey.isEmpty() && nowNanos - firstDeadlineNanos >= 0) {
      wake(waits -> nowNanos - waits.deadlineNanos() >= 0);
    }
  }

  void wakeAll() {
    wake(waits -> true);
  }

  private void wake(Predicate<FetchWaits> isDue) {
    var kept = new ArrayList<FetchWaits>();
    var ready = new ArrayList<FetchWaits>();
    byKey.values().forEach(waits -> (isDue.test(waits) ? ready : kept).add(waits));
    byKey.clear();
    offsetMin = Long.MAX_VALUE;
    kept.forEach(this::add);
    ready.forEach(waits -> replies.fetchReady(waits.key()));
  }
}
