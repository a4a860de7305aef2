package dev.naru.client.transport;

import dev.naru.client.ClientConfig;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.PartitionView;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.core.TopicView;
import dev.naru.client.transport.MetadataCalls.Found;
import dev.naru.client.transport.MetadataCalls.Kind;
import dev.naru.client.transport.MetadataCalls.Query;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Finds offsets by name or time, wherever the partitions are led, and goes after leaders that move.
 * The futures complete on the loop, at the latest after {@code request.timeout.ms}.
 */
public final class OffsetLookup {

  private final ClientConfig config;
  private final Router router;
  private final MetadataCalls calls;
  private final ClientLoop loop;
  private final RandomGenerator dice;
  private final RetryPolicy retry;

  /** Asks through these calls. */
  public OffsetLookup(
      ClientConfig config,
      Router router,
      MetadataCalls calls,
      ClientLoop loop,
      RandomGenerator dice) {
    this.config = config;
    this.router = router;
    this.calls = calls;
    this.loop = loop;
    this.dice = dice;
    this.retry = RetryPolicy.of(config);
  }

  /** Finds all of these or fails. */
  public CompletableFuture<SortedMap<TopicPartition, Offset>> find(
      Map<TopicPartition, Wanted> wanted) {
    long now = loop.nanoTime();
    var search = new Search(wanted, now, now + config.requestTimeout().toNanos());
    loop.execute(search::begin);
    return search.all;
  }

  /** What is looked for; the time matters to {@link Kind#TIME} only. */
  public record Wanted(Kind kind, long timestampMillis) {

    /** An end of the log. */
    public static Wanted of(Kind kind) {
      return new Wanted(kind, 0);
    }
  }

  /** What was found: no offset if no record is that young, and a time only for a record. */
  public record Offset(OptionalLong offset, OptionalLong timestampMillis) {}

  /** Several partitions on their way to being found. Owned by the loop. */
  private final class Search {

    private final SortedMap<TopicPartition, Wanted> open;
    private final SortedMap<TopicPartition, Offset> found = new TreeMap<>();
    private final CompletableFuture<SortedMap<TopicPartition, Offset>> all =
        new CompletableFuture<>();
    private final long startNanos;
    private final long deadlineNanos;
    private Refused lastRefusal =
        new Refused(ErrorCode.LEADER_NOT_AVAILABLE, "Expected a leader, but none is known");
    private int failures;
    private int unanswered;

    Search(Map<TopicPartition, Wanted> wanted, long startNanos, long deadlineNanos) {
      this.open = new TreeMap<>(wanted);
      this.startNanos = startNanos;
      this.deadlineNanos = deadlineNanos;
    }

    /** Waits until every topic is known, one after the other, then asks. */
    void begin() {
      var unknown =
          open.keySet().stream()
              .map(TopicPartition::topic)
              .filter(topic -> router.view().topic(topic).isEmpty())
              .findFirst();
      if (unknown.isPresent()) {
        loop.whenDone(
            router.topic(unknown.get(), deadlineNanos - loop.nanoTime()),
            known -> begin(),
            all::completeExceptionally);
      } else {
        ask();
      }
    }

    private void ask() {
      var byLeader = new TreeMap<String, Asked>();
      open.forEach((partition, wanted) -> assign(partition, wanted, byLeader));
      if (all.isDone()) {
        return;
      }
      unanswered = byLeader.size();
      if (unanswered == 0) {
        endRound();
        return;
      }
      for (var asked : byLeader.values()) {
        loop.whenDone(
            calls.offsets(asked.address, asked.queries, config.requestTimeout()),
            answers -> onAnswers(asked, answers),
            this::onFailure);
      }
    }

    private void assign(TopicPartition name, Wanted wanted, SortedMap<String, Asked> byLeader) {
      var view = router.view();
      var topic = view.topic(name.topic());
      if (topic.isEmpty()) {
        return; // it left the cache this moment: the next round brings it back
      }
      var partition = topic.get().partition(name.partition());
      if (partition.isEmpty()) {
        onUnknown(name, topic.get());
        return;
      }
      partition
          .flatMap(PartitionView::leader)
          .flatMap(view::address)
          .ifPresent(address ->
              byLeader
                  .computeIfAbsent(address.toString(), text -> new Asked(address))
                  .add(name, query(name, topic.get(), partition.get(), wanted)));
    }

    /** It may have been added since the view was asked for: then a later one has it. */
    private void onUnknown(TopicPartition name, TopicView topic) {
      lastRefusal = noSuchPartition(name, topic);
      if (router.mustKnowOf(startNanos)) {
        all.completeExceptionally(NaruException.of(lastRefusal));
      }
    }

    private Query query(
        TopicPartition name, TopicView topic, PartitionView partition, Wanted wanted) {
      return new Query(
          new PartitionId(topic.id(), name.partition()),
          partition.epoch(),
          wanted.kind,
          wanted.timestampMillis);
    }

    private void onAnswers(Asked asked, List<Found> answers) {
      for (int i = 0; i < Math.min(answers.size(), asked.names.size()); i++) {
        onAnswer(asked.names.get(i), answers.get(i));
      }
      endAnswer();
    }

    private void onAnswer(TopicPartition name, Found answer) {
      if (answer.refusal().isEmpty()) {
        found.put(name, new Offset(answer.offset(), answer.timestampMillis()));
        open.remove(name);
        return;
      }
      lastRefusal = answer.refusal().get();
      answer.leader().ifPresent(hint -> router.leaderMoved(name.topic(), name.partition(), hint));
      boolean mayBeNew = lastRefusal.code() == ErrorCode.TOPIC_NOT_FOUND;
      if (!lastRefusal.code().isRetriable() && !mayBeNew) {
        all.completeExceptionally(NaruException.of(lastRefusal));
      }
    }

    private void onFailure(NaruException failure) {
      lastRefusal = new Refused(failure.code(), String.valueOf(failure.getMessage()));
      if (!failure.isRetriable()) {
        all.completeExceptionally(failure);
      }
      endAnswer();
    }

    private void endAnswer() {
      if (--unanswered == 0) {
        endRound();
      }
    }

    private void endRound() {
      if (open.isEmpty()) {
        all.complete(found);
      }
      if (all.isDone()) {
        return;
      }
      long wait = retry.waitNanos(++failures, dice);
      if (loop.nanoTime() + wait - deadlineNanos > 0) {
        all.completeExceptionally(
            new NaruTimeoutException(
                ErrorCode.REQUEST_TIMEOUT,
                "Expected offsets of "
                    + open.keySet()
                    + " within request.timeout.ms, but the last answer was "
                    + lastRefusal));
        return;
      }
      router.refresh();
      loop.schedule(wait, this::begin);
    }

    private static Refused noSuchPartition(TopicPartition name, TopicView topic) {
      return new Refused(
          ErrorCode.PARTITION_NOT_FOUND,
          "Expected a partition of 0 to "
              + (topic.partitionCount() - 1)
              + " in "
              + topic.name()
              + ", but was "
              + name.partition());
    }
  }

  /** What one leader is asked. */
  private static final class Asked {

    private final HostPort address;
    private final List<TopicPartition> names = new ArrayList<>();
    private final List<Query> queries = new ArrayList<>();

    Asked(HostPort address) {
      this.address = address;
    }

    void add(TopicPartition name, Query query) {
      names.add(name);
      queries.add(query);
    }
  }
}
