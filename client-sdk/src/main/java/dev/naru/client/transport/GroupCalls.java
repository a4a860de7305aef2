package dev.naru.client.transport;

import dev.naru.client.ClientConfig;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.CommittedPosition;
import dev.naru.client.core.RetryPolicy;
import dev.naru.proto.v1.CommitOffsetsRequest;
import dev.naru.proto.v1.CommitOffsetsResponse;
import dev.naru.proto.v1.FetchOffsetsRequest;
import dev.naru.proto.v1.FetchOffsetsResponse;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.proto.v1.OffsetToCommit;
import dev.naru.proto.v1.TopicPartitions;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Keeps and finds the positions of groups, wherever they are coordinated. What may pass is tried
 * again until the caller's limit; a coordinator that is loading is never taken for one that has
 * nothing. The futures complete on the loop.
 */
public final class GroupCalls {

  private static final int OFFSETS_MAX = 10_000; // of one call; more are refused

  private final ClientConfig config;
  private final Router router;
  private final ClientLoop loop;
  private final GroupCall.Means means;

  /** Asks through these channels. */
  public GroupCalls(
      ClientConfig config,
      Router router,
      Channels channels,
      Coordinators coordinators,
      ClientLoop loop,
      RandomGenerator dice) {
    this.config = config;
    this.router = router;
    this.loop = loop;
    this.means =
        new GroupCall.Means(
            channels, coordinators, loop, config.requestTimeout(), RetryPolicy.of(config), dice);
  }

  /**
   * Who commits.
   *
   * @param member empty for somebody who is no member
   * @param epoch the newest of the group up to which the member has done as it was told
   */
  public record Committer(String group, Optional<UUID> member, int epoch) {}

  /**
   * Commits these. Completes with those that were refused and why, or fails if nothing is known of
   * any: then some may be kept.
   *
   * @param topics ids of topics, where it is known which one of its name is meant
   */
  public CompletableFuture<SortedMap<TopicPartition, Refused>> commit(
      Committer by,
      SortedMap<TopicPartition, CommittedPosition> offsets,
      Map<String, TopicId> topics,
      Duration limit) {
    var run = new Commit(by, new ArrayDeque<>(offsets.keySet()), offsets, topics, after(limit));
    run(run.refused, () -> run.begin(offsets.keySet()));
    return run.refused;
  }

  /** What is committed of these, each of which is in the answer. */
  public CompletableFuture<SortedMap<TopicPartition, Fetched>> fetch(
      String group, SortedSet<TopicPartition> partitions, Duration limit) {
    var run = new Fetch(group, new ArrayDeque<>(partitions), after(limit));
    run(run.found, () -> run.begin(partitions));
    return run.found;
  }

  /**
   * What is committed of a partition.
   *
   * @param topic which one of its name it belongs to
   * @param position empty if there is none, for certain
   */
  public record Fetched(TopicId topic, Optional<CommittedPosition> position) {}

  private long after(Duration limit) {
    return loop.nanoTime() + limit.toNanos();
  }

  private static void closed(CompletableFuture<?> future) {
    future.completeExceptionally(
        new NaruException(
            ErrorCode.REQUEST_TIMEOUT, "Expected an answer, but the client is closed"));
  }

  private void run(CompletableFuture<?> outcome, Runnable task) {
    if (!loop.execute(task)) {
      closed(outcome);
    }
  }

  private static Deque<String> namesOf(Iterable<TopicPartition> partitions) {
    var names = new TreeSet<String>();
    partitions.forEach(partition -> names.add(partition.topic()));
    return new ArrayDeque<>(names);
  }

  /** Several partitions, resolved to the ids of their topics, then asked in as many calls. */
  private abstract class Run {

    final Map<String, TopicId> ids = new LinkedHashMap<>();
    final Deque<TopicPartition> left;
    final long deadlineNanos;

    Run(Deque<TopicPartition> left, long deadlineNanos) {
      this.left = left;
      this.deadlineNanos = deadlineNanos;
    }

    final void begin(Iterable<TopicPartition> partitions) {
      guarded(() -> resolve(namesOf(partitions)));
    }

    /** A step. Whoever waits for the outcome would wait for ever if one ended without. */
    final void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        fail(
            new NaruException(
                ErrorCode.INTERNAL, "Expected to ask the coordinator, but " + e, Map.of(), e));
      }
    }

    final void resolve(Deque<String> names) {
      var name = names.poll();
      if (name == null) {
        next();
      } else if (ids.containsKey(name)) {
        resolve(names);
      } else {
        long limit = Math.min(deadlineNanos - loop.nanoTime(), config.requestTimeout().toNanos());
        loop.whenDone(
            router.topic(name, limit),
            topic ->
                guarded(() -> {
                  ids.put(name, topic.id());
                  resolve(names);
                }),
            failure -> guarded(() -> onUnknown(name, names, failure)));
      }
    }

    final List<TopicPartition> takeSome() {
      var some = new ArrayList<TopicPartition>();
      while (!left.isEmpty() && some.size() < OFFSETS_MAX) {
        some.add(left.remove());
      }
      return some;
    }

    final TopicId id(String topic) {
      var known = ids.get(topic);
      if (known == null) {
        throw new IllegalStateException("Expected the id of " + topic + ", but it is not known");
      }
      return known;
    }

    abstract void next();

    abstract void fail(NaruException why);

    abstract void onUnknown(String name, Deque<String> names, NaruException why);
  }

  private final class Commit extends Run {

    private final Committer by;
    private final SortedMap<TopicPartition, CommittedPosition> offsets;
    private final SortedMap<TopicPartition, Refused> refusals = new TreeMap<>();
    private final CompletableFuture<SortedMap<TopicPartition, Refused>> refused =
        new CompletableFuture<>();

    Commit(
        Committer by,
        Deque<TopicPartition> left,
        SortedMap<TopicPartition, CommittedPosition> offsets,
        Map<String, TopicId> topics,
        long deadlineNanos) {
      super(left, deadlineNanos);
      this.by = by;
      this.offsets = offsets;
      ids.putAll(topics);
    }

    @Override
    void fail(NaruException why) {
      refused.completeExceptionally(why);
    }

    /** A topic that is gone does not keep the others from being committed. */
    @Override
    void onUnknown(String name, Deque<String> names, NaruException why) {
      if (why.isRetriable()) {
        refused.completeExceptionally(why);
        return;
      }
      left.stream()
          .filter(partition -> partition.topic().equals(name))
          .forEach(partition ->
              refusals.put(partition, new Refused(why.code(), String.valueOf(why.getMessage()))));
      left.removeAll(refusals.keySet());
      resolve(names);
    }

    @Override
    void next() {
      var some = takeSome();
      if (some.isEmpty()) {
        refused.complete(refusals);
        return;
      }
      var request = CommitOffsetsRequest.newBuilder().setGroup(by.group).setMemberEpoch(by.epoch);
      by.member.ifPresent(member -> request.setMember(Wire.uuid(member)));
      for (var partition : some) {
        request.addOffsets(toCommit(partition));
      }
      new GroupCall<>(
              means,
              by.group,
              GroupServiceGrpc.getCommitOffsetsMethod(),
              request.build(),
              Commit::told,
              deadlineNanos)
          .begin(answer -> guarded(() -> onAnswer(some, answer)), this::fail);
    }

    private OffsetToCommit toCommit(TopicPartition partition) {
      var position = Optional.ofNullable(offsets.get(partition)).orElseThrow();
      var offset =
          OffsetToCommit.newBuilder()
              .setTopicId(Wire.uuid(id(partition.topic())))
              .setPartition(partition.partition())
              .setOffset(position.offset())
              .setMetadata(position.metadata());
      position.epoch().ifPresent(epoch -> offset.setLeaderEpoch(epoch.value()));
      return offset.build();
    }

    private static GroupCall.Told told(CommitOffsetsResponse answer) {
      return new GroupCall.Told(
          Wire.refusal(answer.getErrorValue(), answer.getErrorMessage()),
          Wire.leaderHint(answer.getLeader()));
    }

    private void onAnswer(List<TopicPartition> asked, CommitOffsetsResponse answer) {
      if (answer.getResultsCount() != asked.size()) {
        refused.completeExceptionally(
            new NaruException(
                ErrorCode.INTERNAL,
                "Expected what became of "
                    + asked.size()
                    + " offsets, but the answer is about "
                    + answer.getResultsCount()));
        return;
      }
      for (int i = 0; i < asked.size(); i++) {
        var result = answer.getResults(i);
        var partition = asked.get(i);
        Wire.refusal(result.getErrorValue(), result.getErrorMessage())
            .ifPresent(why -> refusals.put(partition, why));
      }
      next();
    }
  }

  private final class Fetch extends Run {

    private final String group;
    private final SortedMap<TopicPartition, Fetched> offsets = new TreeMap<>();
    private final CompletableFuture<SortedMap<TopicPartition, Fetched>> found =
        new CompletableFuture<>();

    Fetch(String group, Deque<TopicPartition> left, long deadlineNanos) {
      super(left, deadlineNanos);
      this.group = group;
    }

    @Override
    void fail(NaruException why) {
      found.completeExceptionally(why);
    }

    @Override
    void onUnknown(String name, Deque<String> names, NaruException why) {
      found.completeExceptionally(why);
    }

    @Override
    void next() {
      var some = takeSome();
      if (some.isEmpty()) {
        found.complete(offsets);
        return;
      }
      var byTopic = new TreeMap<String, TopicPartitions.Builder>();
      var names = new TreeMap<PartitionId, TopicPartition>();
      for (var partition : some) {
        var topic = id(partition.topic());
        names.put(new PartitionId(topic, partition.partition()), partition);
        byTopic
            .computeIfAbsent(
                partition.topic(),
                name -> TopicPartitions.newBuilder().setTopicId(Wire.uuid(topic)))
            .addPartitions(partition.partition());
      }
      var request = FetchOffsetsRequest.newBuilder().setGroup(group);
      byTopic.values().forEach(request::addPartitions);
      new GroupCall<>(
              means,
              group,
              GroupServiceGrpc.getFetchOffsetsMethod(),
              request.build(),
              Fetch::told,
              deadlineNanos)
          .begin(answer -> guarded(() -> onAnswer(names, answer)), this::fail);
    }

    private static GroupCall.Told told(FetchOffsetsResponse answer) {
      return new GroupCall.Told(
          Wire.refusal(answer.getErrorValue(), answer.getErrorMessage()),
          Wire.leaderHint(answer.getLeader()));
    }

    private void onAnswer(SortedMap<PartitionId, TopicPartition> names, FetchOffsetsResponse all) {
      names.forEach((id, name) -> offsets.put(name, new Fetched(id.topic(), Optional.empty())));
      for (var each : all.getOffsetsList()) {
        var id = new PartitionId(Wire.topicId(each.getTopicId()), each.getPartition());
        Optional.ofNullable(names.get(id))
            .ifPresent(name ->
                offsets.put(
                    name,
                    new Fetched(
                        id.topic(), Optional.of(AttendStream.committed(each.getCommitted())))));
      }
      next();
    }
  }
}
