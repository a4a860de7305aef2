package dev.naru.client.transport;

import dev.naru.client.ClientConfig;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.core.ClusterView;
import dev.naru.client.core.LeaderHint;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.core.TopicView;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows where things are: keeps the {@link ClusterView} of the topics in use and renews it when it
 * has grown old or when someone met a node that disagrees. One question is on its way at a time;
 * whoever needs an answer shares it. All state but the view belongs to the loop.
 *
 * <p>A first send therefore goes: connect to a bootstrap address, {@code GetMetadata}, find the
 * leader, connect to it.
 */
public final class Router {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  /** Of one question: a node that takes longer is as good as dead, and another one may know. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  /** A topic may be so new that not every node has heard of it. */
  private static final long NEW_TOPIC_NANOS = Duration.ofMillis(500).toNanos();

  private final ClientConfig config;
  private final MetadataCalls calls;
  private final ClientLoop loop;
  private final RandomGenerator dice;
  private final RetryPolicy retry;
  private final Candidates candidates;
  private final Map<String, Long> lastUsed = new ConcurrentHashMap<>(); // by topic; any thread
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private final Map<String, Long> missingSince = new TreeMap<>(); // in nanoseconds
  private volatile ClusterView view = ClusterView.EMPTY; // written by the loop, read by everyone
  private boolean isAsking;
  private boolean isScheduled;
  private boolean isWanted;
  private boolean isReachable = true;
  private int failures;
  private long answeredNanos;
  private long askedNanos; // when the present question was put
  private long viewNanos; // when the one was put whose answer the view has
  private long rounds; // of questions, to tell an answer from before a wish from one after it

  /** Asks nothing yet. */
  public Router(ClientConfig config, MetadataCalls calls, ClientLoop loop, RandomGenerator dice) {
    this.config = config;
    this.calls = calls;
    this.loop = loop;
    this.dice = dice;
    this.retry = RetryPolicy.of(config);
    this.candidates = new Candidates(config.bootstrapServers());
    this.answeredNanos = loop.nanoTime() - retry.firstNanos();
    this.viewNanos = answeredNanos;
    scheduleForgetting();
  }

  /** What is known now. */
  public ClusterView view() {
    return view;
  }

  /**
   * Where a question may be put that any node answers: the nodes that are known, then first
   * contacts.
   */
  List<HostPort> anyNode() {
    var addresses = new LinkedHashSet<>(view.nodes().values());
    addresses.addAll(config.bootstrapServers());
    return List.copyOf(addresses);
  }

  /** Runs this on the loop after each change of the view. */
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  /** Ends a watch. */
  public void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /** Keeps a topic in the cache. */
  public void used(String topic) {
    lastUsed.put(topic, loop.nanoTime());
  }

  /**
   * The topic, as soon as it is known; completes on the loop. Fails with {@code TOPIC_NOT_FOUND},
   * or after the limit with the reason why nothing could be learned.
   */
  public CompletableFuture<TopicView> topic(String name, long limitNanos) {
    used(name);
    var known = view.topic(name);
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    var waiter = new Waiter(name, any -> true, new CompletableFuture<>());
    return wait(waiter, limitNanos, () -> begin(waiter));
  }

  /**
   * The same, but as an answer has it that was asked for at this time or later: it may have more
   * partitions since then.
   */
  public CompletableFuture<TopicView> topicSince(String name, long nanos, long limitNanos) {
    return topic(name, any -> viewNanos - nanos >= 0, limitNanos);
  }

  /**
   * The same as soon as it has this partition, which may have been added just now; or without it,
   * once an answer would have it if it was there when this was called.
   */
  public CompletableFuture<TopicView> topicWith(String name, int partition, long limitNanos) {
    long now = loop.nanoTime();
    return topic(
        name,
        known -> known.flatMap(topic -> topic.partition(partition)).isPresent() || mustKnowOf(now),
        limitNanos);
  }

  private CompletableFuture<TopicView> topic(
      String name, Predicate<Optional<TopicView>> suffices, long limitNanos) {
    used(name);
    var waiter = new Waiter(name, suffices, new CompletableFuture<>());
    return wait(waiter, limitNanos, () -> beginAnew(waiter));
  }

  private CompletableFuture<TopicView> wait(Waiter waiter, long limitNanos, Runnable begin) {
    loop.execute(begin);
    loop.schedule(Math.max(limitNanos, 0), () -> expire(waiter));
    return waiter.found;
  }

  private void beginAnew(Waiter waiter) {
    if (!settle(waiter)) {
      waiters.add(waiter);
      want();
    }
  }

  /** An earlier answer that there is none may be old by now. */
  private void begin(Waiter waiter) {
    view.topic(waiter.topic)
        .ifPresentOrElse(
            waiter.found::complete,
            () -> {
              change(view.without(List.of(waiter.topic)));
              waiters.add(waiter);
              want();
            });
  }

  private void expire(Waiter waiter) {
    if (waiters.remove(waiter)) {
      waiter.found.completeExceptionally(whyUnknown(waiter.topic));
    }
  }

  private NaruException whyUnknown(String topic) {
    return isReachable
        ? new NaruTimeoutException(
            ErrorCode.REQUEST_TIMEOUT,
            "Expected metadata of " + topic + " in time, but no node has given it yet")
        : unreachable();
  }

  private NaruException unreachable() {
    return new NaruException(
        ErrorCode.BOOTSTRAP_UNREACHABLE,
        "Expected one of "
            + config.bootstrapServers()
            + " to answer, but none did: "
            + candidates.failures());
  }

  /**
   * Whether the view was asked for so late that what was made by this time, such as a partition
   * that somebody has heard of, would be in it. On the loop.
   */
  public boolean mustKnowOf(long nanos) {
    return viewNanos - nanos > NEW_TOPIC_NANOS;
  }

  /** Asks for a new view soon: something did not fit the present one. */
  public void refresh() {
    loop.execute(this::want);
  }

  /** Asks for a new view if nobody has for so long. On the loop. */
  public void refreshIfOlder(long nanos) {
    if (loop.nanoTime() - answeredNanos > nanos) {
      want();
    }
  }

  /** Takes over what a refusing node knows of the leader. */
  public void leaderMoved(String topic, int partition, LeaderHint hint) {
    loop.execute(() -> change(view.withLeader(topic, partition, hint)));
  }

  private void want() {
    isWanted = true;
    if (!isAsking && !isScheduled) {
      isScheduled = true;
      long earliest =
          failures == 0
              ? answeredNanos + retry.firstNanos()
              : loop.nanoTime() + retry.waitNanos(failures, dice);
      loop.schedule(Math.max(earliest - loop.nanoTime(), 0), this::ask);
    }
  }

  private void ask() {
    isScheduled = false;
    isAsking = true;
    isWanted = false;
    askedNanos = loop.nanoTime();
    candidates.begin(view.nodes().values());
    askNext();
  }

  private void askNext() {
    var address = candidates.next();
    if (address.isEmpty()) {
      LOG.debug("No node answered: {}", candidates.failures());
      isReachable = false;
      failures++;
      endRound();
      return;
    }
    LOG.debug("Asking {} for metadata of {}", address.get(), lastUsed.keySet());
    var limit =
        config.requestTimeout().compareTo(ANSWER_MAX) < 0 ? config.requestTimeout() : ANSWER_MAX;
    loop.whenDone(
        calls.view(address.get(), List.copyOf(lastUsed.keySet()), limit),
        answer -> onAnswer(address.get(), answer),
        failure -> onFailure(address.get(), failure));
  }

  private void onFailure(HostPort address, NaruException failure) {
    candidates.failed(address, String.valueOf(failure.getMessage()));
    askNext();
  }

  private void onAnswer(HostPort address, ClusterView answer) {
    isReachable = true;
    if (view.isAheadOf(answer)) {
      candidates.failed(address, "lags, at metadata index " + answer.metadataIndex());
      askNext();
      return;
    }
    candidates.answered(address);
    answeredNanos = loop.nanoTime();
    viewNanos = askedNanos;
    var tooNew = mayBeTooNew(answer);
    failures = tooNew.isEmpty() ? 0 : failures + 1;
    isWanted |= !tooNew.isEmpty();
    change(view.refreshed(answer.without(tooNew)));
    waiters.removeIf(this::settle);
    endRound();
  }

  /** Topics that are missing since a moment ago: perhaps the node has not heard of them yet. */
  private List<String> mayBeTooNew(ClusterView answer) {
    long now = loop.nanoTime();
    missingSince.keySet().retainAll(answer.missing().keySet());
    answer.missing().keySet().forEach(name -> missingSince.putIfAbsent(name, now));
    return missingSince.entrySet().stream()
        .filter(since -> now - since.getValue() < NEW_TOPIC_NANOS)
        .map(Map.Entry::getKey)
        .filter(name -> !view.missing().containsKey(name))
        .toList();
  }

  private void endRound() {
    isAsking = false;
    if (isWanted || !waiters.isEmpty()) {
      want();
    } else {
      long asked = ++rounds;
      loop.schedule(config.metadataMaxAge().toNanos(), () -> grownOld(asked));
    }
  }

  private void grownOld(long asked) {
    if (asked == rounds && !isAsking && !isScheduled) {
      want();
    }
  }

  /** Completes who waits for a topic that is known now, or known not to exist. */
  private boolean settle(Waiter waiter) {
    Optional<TopicView> known = view.topic(waiter.topic);
    if (!waiter.suffices.test(known)) {
      return false;
    }
    if (known.isPresent()) {
      waiter.found.complete(known.get());
      return true;
    }
    var why = Optional.ofNullable(view.missing().get(waiter.topic));
    why.ifPresent(reason -> waiter.found.completeExceptionally(NaruException.of(reason)));
    return why.isPresent();
  }

  private void change(ClusterView changed) {
    if (!changed.equals(view)) {
      view = changed;
      watchers.forEach(Runnable::run);
    }
  }

  private void scheduleForgetting() {
    loop.schedule(
        config.metadataMaxIdle().toNanos() / 2,
        () -> {
          forgetIdle();
          scheduleForgetting();
        });
  }

  private void forgetIdle() {
    long limit = config.metadataMaxIdle().toNanos();
    long now = loop.nanoTime();
    var idle = new ArrayList<String>();
    for (Iterator<Map.Entry<String, Long>> each = lastUsed.entrySet().iterator();
        each.hasNext(); ) {
      var use = each.next();
      if (now - use.getValue() > limit) {
        idle.add(use.getKey());
        each.remove();
      }
    }
    if (!idle.isEmpty()) {
      change(view.without(idle));
    }
  }

  /**
   * Somebody who waits for a topic.
   *
   * @param suffices whether the view says enough of it; called on the loop
   */
  private record Waiter(
      String topic, Predicate<Optional<TopicView>> suffices, CompletableFuture<TopicView> found) {}
}
