package dev.naru.client.consumer;

import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.GroupProtocol;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.ClassicEpoch;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.core.Subscription;
import dev.naru.client.core.Told;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.GroupCalls.Committer;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** A consumer's part in a group that a node coordinates. */
final class GroupSession implements GroupSide {

  private static final int TOPICS_MAX = 1_000; // of one subscription; more are refused

  /** Between two looks whether a question that failed may be put again. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final ConsumerConfig config;
  private final GroupLink link;
  private final ClientLoop clock;
  private final Readings readings;
  private final PatternWatch pattern;
  private final Patience patience;
  private final Callbacks callbacks;
  private final Progress progress;
  private final Starts starts;
  private final Rebalancing rebalancing;
  private final Duration requestTimeout;
  private Optional<Subscription> subscription = Optional.empty();
  private Optional<SortedSet<String>> matched = Optional.empty(); // by the pattern, when seen last
  private int season; // rises with each subscription that begins anew

  GroupSession(
      ConsumerConfig config,
      GroupLink link,
      OneThread oneThread,
      ClientLoop clock,
      Inbox inbox,
      Readings readings,
      ClientMetrics metrics,
      GroupCalls calls,
      PatternWatch pattern,
      Duration requestTimeout,
      RetryPolicy retry,
      RandomGenerator dice) {
    this.config = config;
    this.link = link;
    this.clock = clock;
    this.readings = readings;
    this.pattern = pattern;
    this.patience = new Patience(clock, inbox);
    this.callbacks = new Callbacks(oneThread);
    this.requestTimeout = requestTimeout;
    var group = link.identity().group();
    this.progress = new Progress(config, group, calls, clock, inbox, callbacks, this::standing);
    this.starts =
        new Starts(
            calls,
            group,
            requestTimeout,
            clock,
            inbox,
            readings,
            progress.processed(),
            progress::commit,
            retry,
            dice);
    this.rebalancing =
        new Rebalancing(
            readings,
            starts,
            progress::commitProcessed,
            progress::isCommitting,
            link::holds,
            callbacks::call,
            () -> metrics.count(ClientMetric.CONSUMER_REBALANCES));
  }

  private Progress.Standing standing() {
    var identity = link.identity();
    var member = isSubscribed() ? Optional.of(identity.member()) : Optional.<UUID>empty();
    int epoch = isSubscribed() ? inGroup(rebalancing.epoch()) : 0;
    return new Progress.Standing(
        new Committer(identity.group(), member, epoch), rebalancing.topics());
  }

  /** What the coordinator calls this epoch. */
  private int inGroup(int epoch) {
    return config.group().protocol() == GroupProtocol.CLASSIC
        ? ClassicEpoch.generation(epoch)
        : epoch;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public boolean isSubscribed() {
    return subscription.isPresent();
  }

  @Override
  public Optional<Subscription> subscription() {
    return subscription;
  }

  @Override
  public GroupMembershipInfo info() {
    var identity = link.identity();
    var now = link.standing();
    long lease = now.leaseEndNanos().orElse(clock.nanoTime()) - clock.nanoTime();
    return new GroupMembershipInfo(
        identity.group(),
        identity.member(),
        inGroup(now.epoch()),
        config.group().protocol(),
        Duration.ofNanos(Math.max(lease, 0)));
  }

  @Override
  public void subscribe(Subscription wanted, Optional<RebalanceListener> listener) {
    var names = wanted.topics(new TreeSet<>());
    requireFew(names);
    if (subscription.isEmpty() || rebalancing.failure().isPresent()) {
      season++;
      rebalancing.begin();
    }
    rebalancing.listener(listener);
    subscription = Optional.of(wanted);
    matched = Optional.empty();
    pattern.watch(wanted, clock.nanoTime());
    if (wanted.pattern().isEmpty()) {
      link.subscribe(season, names);
    }
  }

  private static void requireFew(SortedSet<String> names) {
    if (names.size() > TOPICS_MAX) {
      throw new NaruException(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected a subscription to at most " + TOPICS_MAX + " topics, but were " + names.size());
    }
  }

  /** Topics have come, or some that matched are gone. */
  private void onMatch(SortedSet<String> names) {
    if (!matched.equals(Optional.of(names))) {
      try {
        requireFew(names);
        matched = Optional.of(names);
        link.subscribe(season, names);
      } catch (NaruException e) {
        callbacks.keep(e); // for the poll, and not for whoever waits for something else
      }
    }
  }

  /** Whether a poll should look again soon, whatever comes. */
  boolean isWaiting() {
    return starts.isWaiting() || rebalancing.isGivingBack();
  }

  /**
   * Does what is to be done before records are handed out, and says whether the partitions are
   * surely this consumer's. If not, nothing is committed of them, and the listener hears nothing of
   * them but that they are lost.
   *
   * @throws NaruException if the group will not have this consumer
   * @throws RuntimeException of a listener or callback
   */
  boolean run(long nowNanos) {
    if (isSubscribed()) {
      pattern.run(nowNanos, this::onMatch);
      link.polled(nowNanos);
    }
    progress.callBack();
    if (mayHandOut(nowNanos)) {
      starts.run(nowNanos, this::onPassedOver);
    }
    if (isSubscribed() && !link.isLeaseOver(nowNanos)) { // else the next word is that all is lost
      rebalancing.run(told(), nowNanos);
    }
    boolean isOurs = mayHandOut(nowNanos);
    if (isOurs) {
      LostHistory.ask(readings, callbacks, rebalancing.listener(), this::goesOn);
      progress.commitInTime(nowNanos);
    }
    callbacks.throwWhatWasThrown();
    rebalancing
        .failure()
        .filter(why -> isSubscribed())
        .ifPresent(why -> {
          throw NaruException.of(why);
        });
    return isOurs;
  }

  /** What was said of a subscription that was given up is of no use to the next one. */
  private Told told() {
    var news = link.news();
    return news.season() == season ? news.told() : Told.nothing(0);
  }

  /** Whether records may be handed out: not when others may read the partitions already. */
  boolean mayHandOut(long nowNanos) {
    return !isSubscribed() || link.hasLease(rebalancing.incarnation(), nowNanos);
  }

  @Override
  public void assigned(Reading reading) {
    starts.assigned(reading);
  }

  @Override
  public void unassigned(Collection<TopicPartition> partitions) {
    progress.commitProcessed(partitions);
    partitions.forEach(starts::drop);
  }

  @Override
  public void sought(Reading reading) {
    starts.sought(reading);
  }

  @Override
  public void sought(Reading reading, Place to) {
    starts.sought(reading, to);
  }

  @Override
  public void putBack(Reading reading, Place from) {
    starts.putBack(reading, from);
  }

  @Override
  public void awaitStart(TopicPartition partition) {
    long deadline = patience.after(requestTimeout);
    while (starts.isLookingUp(partition)) {
      if (patience.until(deadline).isZero()) {
        throw new NaruTimeoutException(
            ErrorCode.REQUEST_TIMEOUT,
            "Expected where the group is in " + partition + ", but there is no answer");
      }
      starts.run(clock.nanoTime(), this::onPassedOver);
      patience.await(() -> !starts.isLookingUp(partition), LOOK_AGAIN);
    }
  }

  /** What follows a position is gone, and reading goes on as {@code auto.offset.reset} has it. */
  void passesOver(Reading reading, long from) {
    starts.passesOver(reading, from);
  }

  private void onPassedOver(TopicPartition partition, long from, long to) {
    if (to > from) {
      callbacks.call(() -> rebalancing.listener().onRecordsExpired(partition, from, to));
    }
  }

  /**
   * A position that was committed beyond the cut is void: it is committed anew, so that the next
   * reader is not told again.
   */
  private void goesOn(Reading reading, Place end) {
    starts.sought(reading, end);
    var anew = new TreeMap<TopicPartition, Place>();
    anew.put(reading.partition(), end);
    progress.commit(anew);
  }

  @Override
  public void leave() {
    unsubscribe(requestTimeout, "unsubscribe");
  }

  private void unsubscribe(Duration limit, String cause) {
    if (subscription.isEmpty()) {
      return;
    }
    long deadline = patience.after(limit);
    var isHeard = new AtomicBoolean();
    progress.endsBy(OptionalLong.of(deadline)); // also for what the listener commits
    try {
      if (!loseAllIfLeaseIsOver()) {
        rebalancing
            .beginGivingBackAll(told())
            .ifPresent(commit -> patience.awaitIfCalm(commit::isDone, patience.until(deadline)));
      }
      if (!loseAllIfLeaseIsOver()) {
        rebalancing.endGivingBack(told());
      }
      // A commit that is heard after the leave counts no more: also the application's are awaited.
      patience.awaitIfCalm(() -> !progress.isCommitting(), patience.until(deadline));
    } finally { // nobody polls any more: it must not stay a member whatever failed
      progress.endsBy(OptionalLong.empty());
      subscription = Optional.empty();
      link.leave(cause, () -> isHeard.set(true));
    }
    patience.awaitIfCalm(isHeard::get, patience.until(deadline));
  }

  /** Others may read it all by now: nothing of it is to be committed or given back. */
  private boolean loseAllIfLeaseIsOver() {
    boolean isOver = link.isLeaseOver(clock.nanoTime());
    if (isOver) {
      rebalancing.loseAll();
    }
    return isOver;
  }

  /** Commits what was processed and leaves, within the limit. */
  void close(Duration limit) {
    long deadline = patience.after(limit);
    if (isSubscribed()) {
      unsubscribe(limit, "close");
    } else {
      progress.commitProcessed();
    }
    patience.awaitIfCalm(() -> !progress.isCommitting(), patience.until(deadline));
    progress.callBack();
    callbacks.throwWhatWasThrown();
  }

  @Override
  public void throwWhatWasThrown() {
    callbacks.throwWhatWasThrown();
  }
}
