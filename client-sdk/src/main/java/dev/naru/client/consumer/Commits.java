package dev.naru.client.consumer;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.CommittedPosition;
import dev.naru.client.core.Processed;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.GroupCalls.Committer;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer commits: one request at a time, so that positions never go back because two of
 * them overtook each other. Those that come meanwhile are one request afterwards, in which the
 * newest position of a partition wins.
 *
 * <p>The thread that polls adds commits and hears what became of them; the client's loop sends
 * them, also while nobody polls.
 */
final class Commits {

  /** Commits that may wait: their application calls back no more than it polls. */
  private static final int WAITING_MAX = 10_000;

  private final GroupCalls calls;
  private final ClientLoop loop;
  private final Inbox inbox;
  private final Processed processed;
  private final Duration limit;
  private final Deque<Request> waiting = new ArrayDeque<>(); // of the loop
  private @Nullable Request underWay; // of the loop
  private final Deque<Pending> unfinished = new ArrayDeque<>(); // oldest first; of the poll thread

  Commits(GroupCalls calls, ClientLoop loop, Inbox inbox, Processed processed, Duration limit) {
    this.calls = calls;
    this.loop = loop;
    this.inbox = inbox;
    this.processed = processed;
    this.limit = limit;
  }

  /** A commit on its way. Owned by the thread that polls. */
  static final class Pending {

    private final SortedMap<TopicPartition, OffsetAndMetadata> offsets;
    private final Optional<CommitCallback> callback;
    private boolean isDone;
    private Optional<NaruException> failure = Optional.empty();

    Pending(
        SortedMap<TopicPartition, OffsetAndMetadata> offsets, Optional<CommitCallback> callback) {
      this.offsets = offsets;
      this.callback = callback;
    }

    boolean isDone() {
      return isDone;
    }

    Optional<NaruException> failure() {
      return failure;
    }
  }

  /**
   * Commits these when those before are through.
   *
   * @param topics ids of topics, where it is known which one of its name is meant
   */
  Pending submit(
      Committer by,
      SortedMap<TopicPartition, OffsetAndMetadata> offsets,
      Map<String, TopicId> topics,
      Optional<CommitCallback> callback) {
    var pending = new Pending(offsets, callback);
    unfinished.addLast(pending);
    if (offsets.isEmpty()) {
      inbox.put(() -> pending.isDone = true); // after those before, as its callback is
    } else if (!loop.execute(() -> add(new Request(by, offsets, topics, pending)))) {
      finish(pending, Optional.of(closed()));
    }
    return pending;
  }

  /**
   * Makes sure that the application may commit once more. What the consumer commits by itself is
   * little, and a change of what it reads must not depend on the application's.
   *
   * @throws NaruException with {@code LIMIT_EXCEEDED} if too many wait
   */
  void requireRoom() {
    if (unfinished.size() >= WAITING_MAX) {
      throw new NaruException(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most "
              + WAITING_MAX
              + " commits under way, but there are as many; poll, or commit less often");
    }
  }

  private static NaruException closed() {
    return new NaruTimeoutException(
        ErrorCode.REQUEST_TIMEOUT, "Expected to commit, but the client is closed");
  }

  private static void finish(Pending pending, Optional<NaruException> failure) {
    pending.isDone = true;
    pending.failure = failure;
  }

  /** Whether any commit is not through. */
  boolean isBusy() {
    return unfinished.stream().anyMatch(pending -> !pending.isDone);
  }

  /** Whether any commit of one of these is not through. */
  boolean isBusy(Collection<TopicPartition> with) {
    return unfinished.stream()
        .anyMatch(
            pending -> !pending.isDone && !Collections.disjoint(with, pending.offsets.keySet()));
  }

  /** Calls the callbacks of those that are through, in order. */
  void callBack(Consumer<Runnable> way) {
    for (var first = unfinished.peekFirst();
        first != null && first.isDone;
        first = unfinished.peekFirst()) {
      unfinished.removeFirst();
      var done = first;
      done.callback.ifPresent(callback ->
          way.accept(() -> callback.onComplete(done.offsets, done.failure.orElse(null))));
    }
  }

  private void add(Request request) {
    var last = waiting.peekLast();
    if (last != null && last.by.equals(request.by)) {
      last.merge(request);
    } else {
      waiting.addLast(request);
    }
    sendNext();
  }

  private void sendNext() {
    var next = underWay == null ? waiting.poll() : null;
    if (next == null) {
      return;
    }
    underWay = next;
    loop.whenDone(
        calls.commit(next.by, next.positions(), next.topics, limit),
        refused -> onDone(next, refused, Optional.empty()),
        failure -> onDone(next, new TreeMap<>(), Optional.of(failure)));
  }

  private void onDone(
      Request request,
      SortedMap<TopicPartition, Refused> refused,
      Optional<NaruException> failure) {
    inbox.put(() -> take(request, refused, failure));
    underWay = null;
    sendNext();
  }

  private void take(
      Request request,
      SortedMap<TopicPartition, Refused> refused,
      Optional<NaruException> failure) {
    if (failure.isEmpty()) {
      request.offsets.forEach((partition, offset) -> {
        if (!refused.containsKey(partition)) {
          processed.committed(partition, Places.of(offset));
        }
      });
    }
    for (var pending : request.pendings) {
      finish(pending, failure.or(() -> firstOf(pending, refused)));
    }
  }

  private static Optional<NaruException> firstOf(
      Pending pending, SortedMap<TopicPartition, Refused> refused) {
    return refused.entrySet().stream()
        .filter(each -> pending.offsets.containsKey(each.getKey()))
        .map(each -> failureOf(each.getKey(), each.getValue()))
        .findFirst();
  }

  private static NaruException failureOf(TopicPartition partition, Refused why) {
    return new NaruException(
        why.code(),
        partition + " was not committed: " + why.reason(),
        Map.of(
            "topic", partition.topic(),
            "partition", Integer.toString(partition.partition())));
  }

  /**
   * What one request commits. Owned by the loop until it is done, then by the thread that polls.
   */
  private static final class Request {

    private final Committer by;
    private final SortedMap<TopicPartition, OffsetAndMetadata> offsets;
    private final Map<String, TopicId> topics;
    private final List<Pending> pendings = new ArrayList<>();

    Request(
        Committer by,
        SortedMap<TopicPartition, OffsetAndMetadata> offsets,
        Map<String, TopicId> topics,
        Pending pending) {
      this.by = by;
      this.offsets = new TreeMap<>(offsets);
      this.topics = new TreeMap<>(topics);
      this.pendings.add(pending);
    }

    void merge(Request newer) {
      offsets.putAll(newer.offsets);
      topics.putAll(newer.topics);
      pendings.addAll(newer.pendings);
    }

    SortedMap<TopicPartition, CommittedPosition> positions() {
      var positions = new TreeMap<TopicPartition, CommittedPosition>();
      offsets.forEach((partition, offset) ->
          positions.put(
              partition,
              new CommittedPosition(
                  offset.offset(), Places.of(offset).epoch(), offset.metadata())));
      return positions;
    }
  }
}
