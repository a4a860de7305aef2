package dev.naru.broker.coordinator;

import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * What is to be said or done once the log is committed up to an offset, in the order of the offsets
 * and, for the same one, in the order in which it came.
 */
final class WaitingReplies {

  private final LongSupplier nowNanos;
  private final TreeMap<Long, ArrayDeque<Waiting>> byEnd = new TreeMap<>();
  private int calls;
  private long progressNanos; // when something was committed last, or the first began to wait
  private OptionalLong firstDeadline = OptionalLong.empty();

  /**
   * Something that waits.
   *
   * @param deadlineNanos when nobody waits for it any more; none if it has to be done in any case
   */
  private record Waiting(
      Runnable committed, Consumer<Refused> refused, OptionalLong deadlineNanos) {}

  WaitingReplies(LongSupplier nowNanos) {
    this.nowNanos = nowNanos;
  }

  boolean isEmpty() {
    return byEnd.isEmpty();
  }

  /** Whether no more calls are to be taken. */
  boolean isFull() {
    return calls >= ShardLimits.WAITING_MAX;
  }

  /**
   * Whether nothing more is to be written: too much waits to be committed, or nothing was for long.
   * What would be written then is of no use to anybody before that changes, and has to be kept.
   */
  boolean isStuck() {
    return byEnd.size() >= ShardLimits.BATCHES_MAX
        || (!byEnd.isEmpty()
            && nowNanos.getAsLong() - progressNanos >= ShardLimits.WAIT_MAX.toNanos());
  }

  /** To be done when all below this end is committed; never, if the shard ends before. */
  void await(long end, Runnable committed) {
    add(end, new Waiting(committed, why -> {}, OptionalLong.empty()));
  }

  /** The same for somebody who waits, and is told in any case. */
  void await(long end, Runnable committed, Consumer<Refused> refused, long deadlineNanos) {
    calls++;
    if (firstDeadline.isEmpty() || deadlineNanos - firstDeadline.getAsLong() < 0) {
      firstDeadline = OptionalLong.of(deadlineNanos);
    }
    add(end, new Waiting(committed, refused, OptionalLong.of(deadlineNanos)));
  }

  private void add(long end, Waiting waiting) {
    if (byEnd.isEmpty()) {
      progressNanos = nowNanos.getAsLong();
    }
    byEnd.computeIfAbsent(end, offset -> new ArrayDeque<>()).add(waiting);
  }

  /**
   * Does the first thing that waited for an offset up to this one; false if there is none. What is
   * done may add others.
   *
   * @param reached told for which offset it waited, before it is done
   */
  boolean completeOne(long highWatermark, LongConsumer reached) {
    var first = byEnd.firstEntry();
    if (first == null || first.getKey() > highWatermark) {
      return false;
    }
    var waiting = first.getValue().remove();
    if (first.getValue().isEmpty()) {
      byEnd.remove(first.getKey());
    }
    uncount(waiting);
    progressNanos = nowNanos.getAsLong();
    reached.accept(first.getKey());
    waiting.committed().run();
    return true;
  }

  /** Tells this to those who have waited for too long. */
  void expire(long nowNanos, Refused why) {
    if (firstDeadline.isEmpty() || nowNanos - firstDeadline.getAsLong() < 0) {
      return;
    }
    firstDeadline = OptionalLong.empty();
    var expired = new ArrayList<Waiting>();
    for (var queue : byEnd.values()) {
      queue.removeIf(waiting -> isExpired(waiting, nowNanos, expired));
    }
    byEnd.values().removeIf(ArrayDeque::isEmpty);
    tell(expired, why);
  }

  private boolean isExpired(Waiting waiting, long nowNanos, List<Waiting> expired) {
    if (waiting.deadlineNanos().isEmpty()) {
      return false;
    }
    long deadline = waiting.deadlineNanos().getAsLong();
    if (nowNanos - deadline >= 0) {
      expired.add(waiting);
      return true;
    }
    if (firstDeadline.isEmpty() || deadline - firstDeadline.getAsLong() < 0) {
      firstDeadline = OptionalLong.of(deadline);
    }
    return false;
  }

  /** Tells this to all who wait: nothing more is committed here. */
  void refuseAll(Refused why) {
    var all = byEnd.values().stream().flatMap(ArrayDeque::stream).toList();
    byEnd.clear();
    tell(all, why);
  }

  private void tell(List<Waiting> ended, Refused why) {
    ended.forEach(this::uncount);
    ended.forEach(waiting -> waiting.refused().accept(why));
  }

  private void uncount(Waiting waiting) {
    if (waiting.deadlineNanos().isPresent()) {
      calls--;
    }
  }
}
