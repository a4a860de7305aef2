package dev.naru.client.mock;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Callbacks;
import dev.naru.client.consumer.CommitCallback;
import dev.naru.client.consumer.GroupProgress;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.Places;
import dev.naru.client.core.Processed;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import dev.naru.types.ErrorCode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** How far a consumer in memory is for its group. Owned by the thread that polls. */
final class MockProgress implements GroupProgress {

  /** As many as wait at most in the real one. */
  private static final int CALLBACKS_MAX = 10_000;

  private final MockCluster cluster;
  private final ConsumerConfig config;
  private final String group;
  private final Callbacks callbacks;
  private final Function<TopicPartition, Optional<NaruException>> refusal;
  private final Processed processed = new Processed();
  private final Deque<Runnable> toCall = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<NaruException> failures = new ConcurrentLinkedQueue<>();
  private long autoCommitNanos;

  /**
   * Nothing is read yet.
   *
   * @param refusal why this consumer may not commit here
   */
  MockProgress(
      MockCluster cluster,
      ConsumerConfig config,
      String group,
      Callbacks callbacks,
      Function<TopicPartition, Optional<NaruException>> refusal) {
    this.cluster = cluster;
    this.config = config;
    this.group = group;
    this.callbacks = callbacks;
    this.refusal = refusal;
    this.autoCommitNanos = cluster.nanoTime() + config.group().autoCommitInterval().toNanos();
  }

  /** The next commit fails. Any thread. */
  void failNext(NaruException failure) {
    failures.add(failure);
  }

  Processed processed() {
    return processed;
  }

  void handedOut(Reading reading) {
    processed.handedOut(reading);
  }

  /** Commits what was processed of these, if that happens by itself. */
  void commitProcessed(Collection<TopicPartition> of) {
    var places = new TreeMap<>(processed.toCommit());
    places.keySet().retainAll(of);
    if (config.group().autoCommit()) {
      commit(places); // what fails is read again: by the next owner, or committed next time
    }
  }

  /** Commits by itself, when that is due. */
  void commitInTime() {
    if (cluster.nanoTime() - autoCommitNanos >= 0) {
      autoCommitNanos = cluster.nanoTime() + config.group().autoCommitInterval().toNanos();
      commitProcessed(processed.toCommit().keySet());
    }
  }

  /** Commits these, and returns why not, if it failed. */
  Optional<NaruException> commit(SortedMap<TopicPartition, Place> places) {
    return commitThese(Places.written(places));
  }

  private Optional<NaruException> commitThese(Map<TopicPartition, OffsetAndMetadata> offsets) {
    var wanted = offsets.isEmpty() ? null : failures.poll();
    if (wanted != null) {
      return Optional.of(wanted);
    }
    Optional<NaruException> first = Optional.empty();
    for (var each : new TreeMap<>(offsets).entrySet()) {
      var partition = each.getKey();
      var why = refusal.apply(partition);
      if (why.isEmpty()) {
        cluster.changeGroup(group, known -> known.committed().put(partition, each.getValue()));
        processed.committed(partition, Places.of(each.getValue()));
      }
      first = first.or(() -> why);
    }
    return first;
  }

  @Override
  public SortedMap<TopicPartition, OffsetAndMetadata> handedOut() {
    return Places.written(processed.handedOut());
  }

  @Override
  public void commitNow(SortedMap<TopicPartition, OffsetAndMetadata> offsets) {
    var failure = commitAndDeclare(offsets);
    if (!callbacks.isInside()) {
      callBack();
    }
    failure.ifPresent(why -> {
      throw why;
    });
    callbacks.throwWhatWasThrown();
  }

  @Override
  public void commitLater(
      SortedMap<TopicPartition, OffsetAndMetadata> offsets, Optional<CommitCallback> callback) {
    if (toCall.size() >= CALLBACKS_MAX) {
      throw new NaruException(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most "
              + CALLBACKS_MAX
              + " commits under way, but there are as many; poll, or commit less often");
    }
    var failure = commitAndDeclare(offsets);
    callback.ifPresent(
        told -> toCall.add(() -> told.onComplete(new TreeMap<>(offsets), failure.orElse(null))));
  }

  private Optional<NaruException> commitAndDeclare(Map<TopicPartition, OffsetAndMetadata> offsets) {
    var failure = commitThese(offsets);
    offsets.forEach((partition, offset) -> processed.declared(partition, Places.of(offset)));
    return failure;
  }

  /** Calls the callbacks of commits that are through. */
  void callBack() {
    for (var next = toCall.poll(); next != null; next = toCall.poll()) {
      callbacks.call(next);
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> of) {
    var found = new TreeMap<TopicPartition, OffsetAndMetadata>();
    of.forEach(partition -> committed(partition).ifPresent(place -> found.put(partition, place)));
    return found;
  }

  /** Where the group is. */
  Optional<OffsetAndMetadata> committed(TopicPartition partition) {
    return cluster.inGroup(group, known -> Optional.ofNullable(known.committed().get(partition)));
  }
}
