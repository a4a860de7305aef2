package dev.naru.client.consumer;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.Grant;
import dev.naru.client.core.Held;
import dev.naru.client.core.Ownership;
import dev.naru.client.core.Told;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions that are read those that the group grants: what is lost goes at once; of
 * what is to be given back nothing more is handed out, what was processed of it is committed, and
 * when the answer is there, or too late, the listener hears it. The group is told when no commit of
 * it is under way, whoever asked for it: the next reader begins where the group is by then. Then
 * what was granted is read. What stays is not touched.
 *
 * <p>A change may take several polls, and none of them waits for it. Whatever the listener throws,
 * the change is completed first.
 *
 * <p>Owned by the thread that polls.
 */
final class Rebalancing {

  private static final Logger LOG = LoggerFactory.getLogger(Rebalancing.class);

  /** How long partitions wait for the answers to their commits before they are given back. */
  static final Duration GIVE_BACK_MAX = Duration.ofSeconds(5);

  private final Readings readings;
  private final Starts starts;
  private final LastCommit lastCommit;
  private final Predicate<Collection<TopicPartition>> isCommitting;
  private final Consumer<Held> group;
  private final Consumer<Runnable> callback;
  private final Runnable changed;
  private Ownership ownership = new Ownership();
  private RebalanceListener listener = GroupSide.NO_LISTENER;
  private int epoch; // up to which everything is as it was told
  private Optional<GiveBack> givingBack = Optional.empty();
  private Optional<Gone> gone = Optional.empty(); // of which the group does not know yet
  private boolean isSettled = true;
  private int seenIncarnation;
  private int seenEpoch;

  /**
   * Changes what these read.
   *
   * @param isCommitting whether any commit of these is under way
   * @param group hears what is held
   * @param callback runs what belongs to the application, and keeps what it throws for later
   * @param changed called with each change of what is read
   */
  Rebalancing(
      Readings readings,
      Starts starts,
      LastCommit lastCommit,
      Predicate<Collection<TopicPartition>> isCommitting,
      Consumer<Held> group,
      Consumer<Runnable> callback,
      Runnable changed) {
    this.readings = readings;
    this.starts = starts;
    this.lastCommit = lastCommit;
    this.isCommitting = isCommitting;
    this.group = group;
    this.callback = callback;
    this.changed = changed;
  }

  /** Commits what was processed of partitions that go, if that happens by itself. */
  @FunctionalInterface
  interface LastCommit {
    Optional<Commits.Pending> of(Collection<TopicPartition> partitions);
  }

  /** Begins as a member that holds nothing. Everything of before was given back or lost. */
  void begin() {
    ownership = new Ownership();
    epoch = 0;
    givingBack = Optional.empty();
    gone = Optional.empty();
    isSettled = true;
    seenIncarnation = 0;
    seenEpoch = 0;
  }

  /** Tells this one from now on. */
  void listener(Optional<RebalanceListener> heard) {
    listener = heard.orElse(GroupSide.NO_LISTENER);
  }

  RebalanceListener listener() {
    return listener;
  }

  /** In which everything that is read was granted. */
  int incarnation() {
    return seenIncarnation;
  }

  /** The epoch to commit with. */
  int epoch() {
    return epoch;
  }

  /** Why nothing will be granted any more. */
  Optional<Refused> failure() {
    return ownership.failure();
  }

  /** Whether time matters. */
  boolean isGivingBack() {
    return givingBack.isPresent() || gone.isPresent();
  }

  /** The topics of what is read, by the ids under which they were granted. */
  Map<String, TopicId> topics() {
    var ids = new TreeMap<String, TopicId>();
    ownership.owned().forEach(grant -> ids.put(grant.name().topic(), grant.id().topic()));
    return ids;
  }

  /** Takes what the group says, and goes as far with it as it can now. */
  void run(Told told, long nowNanos) {
    if (isSettled && told.incarnation() == seenIncarnation && told.epoch() == seenEpoch) {
      return; // as in nearly every poll
    }
    isSettled = false; // also if something fails on the way
    if (told.incarnation() != seenIncarnation) {
      gone = Optional.empty(); // whose commits count no more
    }
    seenIncarnation = told.incarnation();
    seenEpoch = told.epoch();
    ownership.told(told);
    lose();
    giveBack(nowNanos);
    report(nowNanos);
    take();
    isSettled = ownership.isSettled();
  }

  /** Nothing is this member's any more, though nobody has said so yet. */
  void loseAll() {
    lose(ownership.owned());
    givingBack = Optional.empty();
    gone = Optional.empty(); // whose commits count no more
  }

  private void lose() {
    lose(ownership.lost());
  }

  private void lose(List<Grant> lost) {
    if (!lost.isEmpty()) {
      LOG.debug("Lost: {}", namesOf(lost));
      changed.run();
      drop(lost);
      callback.accept(() -> listener.onPartitionsLost(namesOf(lost)));
    }
  }

  private void giveBack(long nowNanos) {
    var wanted = ownership.toGiveBack();
    givingBack.ifPresent(before -> release(before.grants, wanted));
    if (wanted.isEmpty()) {
      givingBack = Optional.empty();
      return;
    }
    hold(wanted);
    if (givingBack.isEmpty() || !givingBack.get().covers(wanted)) {
      givingBack = Optional.of(new GiveBack(wanted, lastCommit.of(namesOf(wanted)), nowNanos));
    }
    if (givingBack.get().isThrough(nowNanos)) {
      long since = givingBack.get().sinceNanos;
      givingBack = Optional.empty();
      revoke(wanted);
      gone = Optional.of(Gone.of(gone, namesOf(wanted), since));
    }
  }

  /**
   * Once the group knows what is gone somebody else may have it, and no commit of it counts. That
   * is looked at in polls only: who polls late keeps it from others until then, for {@code
   * max.poll.interval.ms} at most.
   */
  private void report(long nowNanos) {
    if (gone.isPresent() && gone.get().waits(isCommitting, nowNanos)) {
      return;
    }
    gone = Optional.empty();
    ownership
        .report()
        .ifPresent(held -> {
          epoch = held.epoch();
          group.accept(held);
        });
  }

  /** Nothing more is handed out, so that what is processed by now is all that ever will be. */
  private void hold(List<Grant> grants) {
    grants.forEach(
        grant -> readings.find(grant.name()).ifPresent(reading -> reading.holdBack(true)));
  }

  /** What need not go after all is read on. */
  private void release(List<Grant> before, List<Grant> wanted) {
    for (var grant : before) {
      if (!wanted.contains(grant) && ownership.isReadable(grant.id())) {
        readings.find(grant.name()).ifPresent(reading -> reading.holdBack(false));
      }
    }
  }

  private void revoke(List<Grant> grants) {
    LOG.debug("Gives back: {}", namesOf(grants));
    changed.run();
    callback.accept(() -> listener.onPartitionsRevoked(namesOf(grants)));
    drop(grants);
  }

  private void drop(List<Grant> grants) {
    for (var grant : grants) {
      starts.drop(grant.name());
      readings.drop(grant.name());
    }
    ownership.dropped(grants);
  }

  private void take() {
    var granted = ownership.toTake();
    if (!granted.isEmpty()) {
      LOG.debug("Takes: {}", namesOf(granted));
      changed.run();
      granted.forEach(starts::granted);
      ownership.took(granted);
      callback.accept(() -> listener.onPartitionsAssigned(namesOf(granted)));
    }
  }

  /**
   * Gives everything back, because the consumer goes: sends the last commit. {@link #endGivingBack}
   * has the rest.
   */
  Optional<Commits.Pending> beginGivingBackAll(Told told) {
    ownership.told(told);
    lose();
    var all = ownership.owned();
    hold(all);
    return lastCommit.of(namesOf(all));
  }

  /** The last commit is through, or too late. */
  void endGivingBack(Told told) {
    ownership.told(told);
    lose();
    var all = ownership.owned();
    if (!all.isEmpty()) {
      revoke(all);
    }
    givingBack = Optional.empty();
    gone = Optional.empty(); // whoever calls this waits for all commits
  }

  private static SortedSet<TopicPartition> namesOf(List<Grant> grants) {
    var names = new TreeSet<TopicPartition>();
    grants.forEach(grant -> names.add(grant.name()));
    return Collections.unmodifiableSortedSet(names);
  }

  /** Partitions that are read no more, and of which commits may be under way. */
  private record Gone(SortedMap<TopicPartition, Long> sinceNanos) {

    static Gone of(Optional<Gone> before, SortedSet<TopicPartition> more, long nanos) {
      var all = new TreeMap<TopicPartition, Long>();
      before.ifPresent(gone -> all.putAll(gone.sinceNanos));
      more.forEach(partition -> all.put(partition, nanos));
      return new Gone(all);
    }

    /** Each for as long as the others, whenever it went. */
    boolean waits(Predicate<Collection<TopicPartition>> isCommitting, long nowNanos) {
      var awaited = new TreeSet<TopicPartition>();
      sinceNanos.forEach((partition, since) -> {
        if (nowNanos - since < GIVE_BACK_MAX.toNanos()) {
          awaited.add(partition);
        }
      });
      return !awaited.isEmpty() && isCommitting.test(awaited);
    }
  }

  /** Partitions that wait for the answer to their last commit. */
  private record GiveBack(List<Grant> grants, Optional<Commits.Pending> commit, long sinceNanos) {

    boolean covers(List<Grant> wanted) {
      return grants.containsAll(wanted);
    }

    boolean isThrough(long nowNanos) {
      return commit.isEmpty()
          || commit.get().isDone()
          || nowNanos - sinceNanos >= GIVE_BACK_MAX.toNanos();
    }
  }
}
