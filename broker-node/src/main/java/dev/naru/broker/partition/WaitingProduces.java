package dev.naru.broker.partition;

import dev.naru.broker.replica.ProduceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Produce requests that were appended and wait to be committed, in the order of their offsets. */
final class WaitingProduces {

  /** Requests, a few dozen bytes each; far more than followers leave uncommitted in their lag. */
  private static final int WAITING_MAX = 10_000;

  private final Deque<Waiting> queue = new ArrayDeque<>();
  private OptionalLong firstDeadline = OptionalLong.empty();

  record Waiting(
      ProduceKey key, long firstOffset, long end, OptionalLong appendMillis, long deadlineNanos) {}

  boolean isEmpty() {
    return queue.isEmpty();
  }

  boolean isFull() {
    return queue.size() >= WAITING_MAX;
  }

  void add(Waiting waiting) {
    queue.addLast(waiting);
    if (firstDeadline.isEmpty() || waiting.deadlineNanos() - firstDeadline.getAsLong() < 0) {
      firstDeadline = OptionalLong.of(waiting.deadlineNanos());
    }
  }

  /** Hands over those that the high watermark has reached, in order; they wait no more. */
  void complete(long highWatermark, Consumer<Waiting> committed) {
    while (!queue.isEmpty() && queue.getFirst().end() <= highWatermark) {
      committed.accept(queue.removeFirst());
    }
  }

  /** Those whose deadline has passed; they wait no more. */
  List<Waiting> expire(long nowNanos) {
    if (firstDeadline.isEmpty() || nowNanos - firstDeadline.getAsLong() < 0) {
      return List.of();
    }
    var expired = new ArrayList<Waiting>();
    var kept = new ArrayList<Waiting>();
    for (var waiting : queue) {
      (nowNanos - waiting.deadlineNanos() >= 0 ? expired : kept).add(waiting);
    }
    queue.clear();
    firstDeadline = OptionalLong.empty();
    kept.forEach(this::add);
    return expired;
  }

  List<Waiting> removeAll() {
    var all = List.copyOf(queue);
    queue.clear();
    firstDeadline = OptionalLong.empty();
    return all;
  }
}
