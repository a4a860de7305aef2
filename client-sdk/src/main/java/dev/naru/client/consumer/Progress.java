package dev.naru.client.consumer;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Processed;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.GroupCalls.Committer;
import dev.naru.types.ErrorCode;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a consumer is for its group: what it commits by itself, what the application commits, and
 * what the group has.
 *
 * <p>Records are processed when the application polls again. That is noted before anything else of
 * a poll, so that what is committed without its asking covers all of the last poll's records or
 * none, and none if it failed over them.
 *
 * <p>Owned by the thread that polls.
 */
final class Progress implements GroupProgress {

  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

  private final ConsumerConfig config;
  private final String group;
  private final GroupCalls calls;
  private final ClientLoop clock;
  private final Inbox inbox;
  private final Patience patience;
  private final Callbacks callbacks;
  private final Supplier<Standing> standing;
  private final Processed processed = new Processed();
  private final Commits commits;
  private long autoCommitNanos; // when the next one is due
  private Optional<Commits.Pending> autoCommit = Optional.empty();
  private OptionalLong endNanos = OptionalLong.empty(); // of the call that gives everything back

  /**
   * Nothing is read yet.
   *
   * @param standing as what it commits now
   */
  Progress(
      ConsumerConfig config,
      String group,
      GroupCalls calls,
      ClientLoop clock,
      Inbox inbox,
      Callbacks callbacks,
      Supplier<Standing> standing) {
    this.config = config;
    this.group = group;
    this.calls = calls;
    this.clock = clock;
    this.inbox = inbox;
    this.patience = new Patience(clock, inbox);
    this.callbacks = callbacks;
    this.standing = standing;
    this.commits = new Commits(calls, clock, inbox, processed, config.apiTimeout());
    this.autoCommitNanos = clock.nanoTime() + config.group().autoCommitInterval().toNanos();
  }

  /**
   * Who commits.
   *
   * @param topics ids of the topics of which it was granted partitions
   */
  record Standing(Committer committer, Map<String, TopicId> topics) {}

  Processed processed() {
    return processed;
  }

  void pollBegins() {
    processed.pollBegins();
  }

  void handedOut(Reading reading) {
    processed.handedOut(reading);
  }

  /** Whether a commit is on its way. */
  boolean isCommitting() {
    return commits.isBusy();
  }

  /** Whether a commit of one of these is on its way, whoever asked for it. */
  boolean isCommitting(Collection<TopicPartition> partitions) {
    return commits.isBusy(partitions);
  }

  /** Calls the callbacks of commits that are through. */
  void callBack() {
    commits.callBack(callbacks::call);
  }

  /** Commits these, and does not wait. */
  Commits.Pending commit(SortedMap<TopicPartition, Place> places) {
    return submit(Places.written(places), Optional.empty());
  }

  /** Commits what was processed of these, if that happens by itself. */
  Optional<Commits.Pending> commitProcessed(Collection<TopicPartition> of) {
    var places = new TreeMap<>(processed.toCommit());
    places.keySet().retainAll(of);
    return !config.group().autoCommit() || places.isEmpty()
        ? Optional.empty()
        : Optional.of(commit(places));
  }

  /** The same of all that is read. */
  void commitProcessed() {
    commitProcessed(processed.toCommit().keySet());
  }

  /** Commits by itself, when that is due. */
  void commitInTime(long nowNanos) {
    if (!config.group().autoCommit() || nowNanos - autoCommitNanos < 0) {
      return;
    }
    autoCommitNanos = nowNanos + config.group().autoCommitInterval().toNanos();
    if (autoCommit.filter(before -> !before.isDone()).isPresent()) {
      return; // the next one covers more
    }
    autoCommit
        .flatMap(Commits.Pending::failure)
        .ifPresent(why -> LOG.warn("Expected to commit, but failed: {}", why.getMessage()));
    autoCommit = commitProcessed(processed.toCommit().keySet());
  }

  private Commits.Pending submit(
      SortedMap<TopicPartition, OffsetAndMetadata> offsets, Optional<CommitCallback> callback) {
    var now = standing.get();
    return commits.submit(now.committer, offsets, now.topics, callback);
  }

  @Override
  public SortedMap<TopicPartition, OffsetAndMetadata> handedOut() {
    return Places.written(processed.handedOut());
  }

  /** Nothing is waited for beyond this time, or as long as usual again. */
  void endsBy(OptionalLong nanos) {
    endNanos = nanos;
  }

  private Duration limit() {
    if (endNanos.isEmpty()) {
      return config.apiTimeout();
    }
    var left = patience.until(endNanos.getAsLong());
    return left.compareTo(config.apiTimeout()) < 0 ? left : config.apiTimeout();
  }

  @Override
  public void commitNow(SortedMap<TopicPartition, OffsetAndMetadata> offsets) {
    var pending = begin(offsets, Optional.empty());
    var limit = limit();
    if (!patience.await(pending::isDone, limit)) {
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected to commit within "
              + limit.toMillis()
              + " ms, by default.api.timeout.ms or by what is left to close, but there is no"
              + " answer; the positions may be committed or not");
    }
    if (!callbacks.isInside()) {
      callBack();
    }
    pending
        .failure()
        .ifPresent(why -> {
          throw Patience.copyOf(why);
        });
    callbacks.throwWhatWasThrown();
  }

  @Override
  public void commitLater(
      SortedMap<TopicPartition, OffsetAndMetadata> offsets, Optional<CommitCallback> callback) {
    begin(offsets, callback);
  }

  private Commits.Pending begin(
      SortedMap<TopicPartition, OffsetAndMetadata> offsets, Optional<CommitCallback> callback) {
    commits.requireRoom();
    offsets.forEach((partition, offset) -> processed.declared(partition, Places.of(offset)));
    return submit(offsets, callback);
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> of) {
    var answer = new Answer();
    if (of.isEmpty()) {
      return answer.found;
    }
    clock.whenDone(
        calls.fetch(group, new TreeSet<>(of), config.apiTimeout()),
        offsets -> inbox.put(() -> answer.take(offsets)),
        failure -> inbox.put(() -> answer.failure = Optional.of(failure)));
    if (!patience.await(answer::isThere, limit())) {
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected committed positions within default.api.timeout.ms ("
              + config.apiTimeout().toMillis()
              + "), but there is no answer");
    }
    answer.failure.ifPresent(why -> {
      throw Patience.copyOf(why);
    });
    return answer.found;
  }

  /** Committed positions on their way. */
  private static final class Answer {

    private final SortedMap<TopicPartition, OffsetAndMetadata> found = new TreeMap<>();
    private boolean hasCome;
    private Optional<NaruException> failure = Optional.empty();

    boolean isThere() {
      return hasCome || failure.isPresent();
    }

    void take(SortedMap<TopicPartition, GroupCalls.Fetched> offsets) {
      hasCome = true;
      offsets.forEach((partition, fetched) -> {
        fetched
            .position()
            .ifPresent(position ->
                found.put(
                    partition,
                    new OffsetAndMetadata(
                        position.offset(), Places.written(position.epoch()), position.metadata())));
      });
    }
  }
}
