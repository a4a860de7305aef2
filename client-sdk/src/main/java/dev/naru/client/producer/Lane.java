package dev.naru.client.producer;

import dev.naru.client.ProducerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.InFlight;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One partition's way from a producer to whoever leads it: what waits in the queue, what goes out
 * again, what is on its way. Threads of the application touch the queue and the signal; the rest
 * belongs to the loop.
 */
final class Lane {

  private final ProducerConfig config;
  private final MemoryBudget memory;
  private final TopicPartition name;
  private final PartitionId id;
  private final FrequentKeys keys; // of its topic
  private final LastSent lastSent; // of its topic
  private final BatchQueue queue;
  private final AtomicBoolean isSignalled = new AtomicBoolean();
  private final Optional<Numbers> numbers; // for a producer whose batches are known again
  private final InFlight<Batch> inFlight = new InFlight<>();
  private final ArrayDeque<Batch> resends = new ArrayDeque<>(); // oldest first
  private Optional<Route> route = Optional.empty(); // of what is in flight
  private boolean isShut; // until nothing is in flight: some of that has failed already
  private Optional<Refused> lastRefusal = Optional.empty();
  private int failures; // in a row
  private long notBeforeNanos;
  private Optional<Long> wakeNanos = Optional.empty();

  Lane(
      ProducerConfig config,
      MemoryBudget memory,
      Saturation saturation,
      FrequentKeys keys,
      LastSent lastSent,
      TopicPartition name,
      TopicId topic,
      Optional<Numbers> numbers) {
    this.config = config;
    this.memory = memory;
    this.keys = keys;
    this.lastSent = lastSent;
    this.queue = new BatchQueue(saturation, keys.tap(name.partition()));
    this.name = name;
    this.id = new PartitionId(topic, name.partition());
    this.numbers = numbers;
  }

  ProducerConfig config() {
    return config;
  }

  TopicPartition name() {
    return name;
  }

  PartitionId id() {
    return id;
  }

  FrequentKeys keys() {
    return keys;
  }

  LastSent lastSent() {
    return lastSent;
  }

  BatchQueue queue() {
    return queue;
  }

  InFlight<Batch> inFlight() {
    return inFlight;
  }

  ArrayDeque<Batch> resends() {
    return resends;
  }

  /** The numbers of its batches; empty if they are not known again. */
  Optional<Numbers> numbers() {
    return numbers;
  }

  /**
   * Whether one more batch may be in flight. With numbers, none follows one that failed while
   * nobody knows whether it is stored.
   */
  boolean hasRoom() {
    if (!inFlight.hasRoom(config.maxInFlight())) {
      return false;
    }
    if (inFlight.isEmpty()) {
      isShut = false;
      return true;
    }
    return !isShut && (!nextNeedsNumbers() || mayFollow(inFlight.oldest().get(), numbers.get()));
  }

  /**
   * Whether new numbers may be given while this one is not settled. Not the first ones of an epoch:
   * this one could not go again behind them. And no more than a leader remembers, counted from this
   * one, whatever of those between them is settled: else it would not know this one again.
   */
  private boolean mayFollow(Batch oldest, Numbers given) {
    return !given.isFresh() && given.batches() - oldest.place() < config.maxInFlight();
  }

  /** Whether the next batch cannot go because the producer has no id. */
  boolean lacksNumbers() {
    return nextNeedsNumbers() && !numbers.get().areOpen();
  }

  private boolean nextNeedsNumbers() {
    return numbers.isPresent() && (resends.isEmpty() || !resends.getFirst().hasStamp());
  }

  /**
   * Some of what is in flight has failed; what it was is known when nothing of it is unanswered.
   */
  void shut() {
    isShut = numbers.isPresent() && !inFlight.isEmpty();
  }

  /** True for the first of several signals; the loop hears of the lane once. */
  boolean signal() {
    return !isSignalled.getAndSet(true);
  }

  /** The loop looks at the lane: what comes later is a new signal. */
  void heard() {
    isSignalled.set(false);
  }

  /** Whether nothing is left to do. */
  boolean isIdle() {
    return inFlight.isEmpty() && !hasUnsent();
  }

  private boolean hasUnsent() {
    return !resends.isEmpty() || queue.hasFull() || queue.openSinceNanos().isPresent();
  }

  /** Since when there is only a batch that many more records may come to; else empty. */
  OptionalLong fillingSinceNanos() {
    return mayFill() ? queue.inLongTurnSinceNanos() : OptionalLong.empty();
  }

  /**
   * Since when there is only a batch that more records will come to, while the last one of its
   * topic, in another partition, is unanswered; else empty, as where {@code linger.ms} says how
   * long batches wait. Behind one of its own partition it waits for that anyway.
   */
  OptionalLong followingSinceNanos() {
    return mayFill() && inFlight.isEmpty() && config.linger().isZero() && lastSent.isUnanswered()
        ? queue.inTurnSinceNanos()
        : OptionalLong.empty();
  }

  /** Whether nothing has to go out before the open batch, and nobody waits for its memory. */
  private boolean mayFill() {
    return resends.isEmpty() && !memory.isShort();
  }

  /**
   * When the next batch may go, as far as the lane itself is concerned. Empty if it waits for
   * nothing but more records or an answer: while a batch is on its way, the open one had better
   * grow.
   */
  Optional<Long> dueNanos(long nowNanos) {
    if (!resends.isEmpty() || queue.hasFull()) {
      return Optional.of(Math.max(notBeforeNanos, nowNanos));
    }
    var openSince = queue.openSinceNanos();
    if (openSince.isEmpty() || !mayTakeOpen()) {
      return Optional.empty();
    }
    long lingered = openSince.getAsLong() + lingerNanos();
    return Optional.of(Math.max(lingered, notBeforeNanos));
  }

  /** The next batch, oldest first, to be sent now. */
  Optional<Batch> take(long nowNanos) {
    var next = resends.isEmpty() ? takeNew(nowNanos) : Optional.of(resends.removeFirst());
    next.ifPresent(batch -> lastSent.by(this));
    return next;
  }

  private Optional<Batch> takeNew(long nowNanos) {
    return mayTakeOpen() ? queue.take(nowNanos - lingerNanos()) : queue.takeFull();
  }

  /** Nothing lingers while a thread waits for its memory. */
  private long lingerNanos() {
    return memory.isShort() && inFlight.isEmpty() ? 0 : config.linger().toNanos();
  }

  private boolean mayTakeOpen() {
    return inFlight.isEmpty() || !config.linger().isZero();
  }

  /** Ends an open batch that has waited for so long beyond its linger. */
  void endBatchOlderThan(long nanos, long nowNanos) {
    var openSince = queue.openSinceNanos();
    if (openSince.isPresent()
        && nowNanos - openSince.getAsLong() > config.linger().toNanos() + nanos) {
      queue.endBatch();
    }
  }

  /**
   * Gives up waiting for answers of a leader that is no longer, or in an earlier epoch: what went
   * there is void, or committed without an answer. False if nothing did.
   */
  boolean leave(Route current) {
    if (inFlight.isEmpty() || !hasNotTried(current)) {
      return false;
    }
    inFlight.lost(
        new Refused(
            ErrorCode.NOT_LEADER,
            "Expected an answer of the leader of "
                + name
                + ", but now node "
                + current.link().node()
                + " leads in epoch "
                + current.epoch()));
    return true;
  }

  /** Whether what is in flight went over this link. */
  boolean waitsForAnswersOf(NodeLink link) {
    return !inFlight.isEmpty() && route.filter(used -> used.link().equals(link)).isPresent();
  }

  void sentOn(Route used) {
    route = Optional.of(used);
  }

  /** Whether all that went out went another way. */
  boolean hasNotTried(Route current) {
    return route.filter(used -> !used.equals(current)).isPresent();
  }

  void succeeded() {
    failures = 0;
    lastRefusal = Optional.empty();
  }

  /** Nothing can be sent, and this is why: for whoever asks when time has run out. */
  void waitsFor(Refused why) {
    lastRefusal = Optional.of(why);
  }

  /** Counts a failure in a row and returns how many there were. */
  int failed(Refused why) {
    lastRefusal = Optional.of(why);
    return ++failures;
  }

  void waitUntil(long nanos) {
    notBeforeNanos = nanos;
  }

  /** Whether a timer for then is missing; from now on it is not. */
  boolean needsTimer(long nanos) {
    if (wakeNanos.isPresent() && wakeNanos.get() - nanos <= 0) {
      return false;
    }
    wakeNanos = Optional.of(nanos);
    return true;
  }

  /** A timer for then has gone off. */
  void timerWentOff(long nanos) {
    wakeNanos = wakeNanos.filter(due -> due != nanos);
  }

  Optional<Refused> lastRefusal() {
    return lastRefusal;
  }

  /** Bytes of memory that its batches keep from others. */
  long heldBytes() {
    long sent = inFlight.batches().stream().mapToLong(Batch::heldBytes).sum();
    return sent + resends.stream().mapToLong(Batch::heldBytes).sum() + queue.heldBytes();
  }

  /** Every batch that is not settled, oldest first. */
  List<Batch> batches() {
    var all = new ArrayList<>(inFlight.batches());
    all.addAll(resends);
    all.addAll(queue.batches());
    return all;
  }
}
