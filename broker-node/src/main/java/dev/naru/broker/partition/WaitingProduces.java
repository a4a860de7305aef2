package dev.naru.broker.partition;

import dev.naru.broker.replica.ProduceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Produce requests whose batches are in the log and wait to be committed. They are answered in the
 * order of their offsets.
 */
final class WaitingProduces {

  /** Requests, a few dozen bytes each; far more than followers leave uncommitted in their lag. */
  private static final int WAITING_MAX = 10_000;

  /** Those that were appended for their request, each behind the one before. */
  private final Deque<Waiting> appended = new ArrayDeque<>();

  /** Those that were in the log already, anywhere above the watermark. */
  private final PriorityQueue<Waiting> known =
      new PriorityQueue<>(Comparator.comparingLong(Waiting::end));

  private OptionalLong firstDeadline = OptionalLong.empty();

  record Waiting(
      ProduceKey key, long firstOffset, long end, OptionalLong appendMillis, long deadlineNanos) {}

  boolean isEmpty() {
    return appended.isEmpty() && known.isEmpty();
  }

  boolean isFull() {
    return appended.size() + known.size() >= WAITING_MAX;
  }

  /** For a batch that was just appended. */
  void add(Waiting waiting) {
    appended.addLast(waiting);
    heed(waiting);
  }

  /** For a batch that was in the log: what was appended since may wait already. */
  void addKnown(Waiting waiting) {
    known.add(waiting);
    heed(waiting);
  }

  private void heed(Waiting waiting) {
    if (firstDeadline.isEmpty() || waiting.deadlineNanos() - firstDeadline.getAsLong() < 0) {
      firstDeadline = OptionalLong.of(waiting.deadlineNanos());
    }
  }

  /** Hands over those that the high watermark has reached, in order; they wait no more. */
  void complete(long highWatermark, Consumer<Waiting> committed) {
    while (isNextBelow(highWatermark)) {
      committed.accept(next().remove());
    }
  }

  private boolean isNextBelow(long highWatermark) {
    return !isEmpty() && next().element().end() <= highWatermark;
  }

  /** The queue whose head ends first. */
  private Queue<Waiting> next() {
    boolean isAppended =
        known.isEmpty()
            || (!appended.isEmpty() && appended.element().end() <= known.element().end());
    return isAppended ? appended : known;
  }

  /** Those whose deadline has passed; they wait no more. */
  List<Waiting> expire(long nowNanos) {
    if (firstDeadline.isEmpty() || nowNanos - firstDeadline.getAsLong() < 0) {
      return List.of();
    }
    firstDeadline = OptionalLong.empty();
    var expired = new ArrayList<Waiting>();
    expire(appended, nowNanos, expired);
    expire(known, nowNanos, expired);
    return expired;
  }

  private void expire(Collection<Waiting> queue, long nowNanos, List<Waiting> expired) {
    for (var waiting : queue) {
      if (nowNanos - waiting.deadlineNanos() >= 0) {
        expired.add(waiting);
      } else {
        heed(waiting);
      }
    }
    queue.removeIf(waiting -> nowNanos - waiting.deadlineNanos() >= 0);
  }

  List<Waiting> removeAll() {
    var all = new ArrayList<>(appended);
    all.addAll(known);
    appended.clear();
    known.clear();
    firstDeadline = OptionalLong.empty();
    return all;
  }
}
