package dev.naru.simulation;

import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.Commits;
import dev.naru.broker.group.Committed;
import dev.naru.client.core.Grant;
import dev.naru.client.core.MemberInput;
import dev.naru.client.core.Ownership;
import dev.naru.client.core.Told;
import dev.naru.simulation.invariant.CommitNote;
import dev.naru.simulation.invariant.Granted;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.pcollections.TreePMap;

/**
 * What an application does in its loop, by the SDK's ownership: it polls, gives back and takes what
 * its group says, works on some numbers until the next poll, and commits now and then.
 */
final class SimApplication {

  private static final long COMMIT_NANOS_MAX = 400 * World.MILLI;
  private static final long ANSWER_NANOS = World.SECOND;
  private static final long GIVE_BACK_NANOS = 500 * World.MILLI;
  private static final int NUMBERS_MAX = 20;

  /** So many members give back without waiting for their commits, unlike the SDK. */
  private static final double HASTY = 0.2;

  private final SimCluster cluster;
  private final World world;
  private final SimMember member;
  private final Dice dice;
  private final boolean isHasty;
  private final Ownership ownership = new Ownership();
  private final Map<PartitionId, Reading> readings = new TreeMap<>();
  private Told news = Told.nothing(0);
  private OptionalLong underWay = OptionalLong.empty(); // number of the newest commit
  private OptionalLong givingBackSinceNanos = OptionalLong.empty();
  private boolean isGiveBackCommitted;
  private long nextCommitNanos;
  private long serial;
  private boolean isClosing;

  /** Where it is with a partition. */
  private static final class Reading {
    final int incarnation;
    final int epoch;
    long processed;
    long handedOut;
    long committed;

    Reading(int incarnation, int epoch, long position, long committed) {
      this.incarnation = incarnation;
      this.epoch = epoch;
      this.processed = position;
      this.handedOut = position;
      this.committed = committed;
    }

    /** Whether the group knows where it began, so that whoever comes next skips nothing. */
    boolean isAnchored() {
      return committed >= 0;
    }
  }

  SimApplication(SimCluster cluster, SimMember member, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.member = member;
    this.dice = dice;
    this.isHasty = dice.chance(HASTY);
  }

  void begin() {
    member.later(0, this::poll);
  }

  void tell(Told told) {
    news = told;
  }

  /** Whether it has the partition, by all that it was told: what was lost it hands out no more. */
  boolean has(PartitionId partition) {
    var reading = readings.get(partition);
    if (reading == null || reading.incarnation != news.incarnation()) {
      return false;
    }
    var granted = news.grants().get(partition);
    return granted == null || granted.epoch() == reading.epoch;
  }

  Set<PartitionId> reads() {
    return Set.copyOf(readings.keySet());
  }

  boolean hasReadAll() {
    return readings.entrySet().stream()
        .allMatch(each ->
            each.getValue().processed == cluster.crowd().numbers(each.getKey())
                && each.getValue().committed == each.getValue().processed);
  }

  boolean isClosing() {
    return isClosing;
  }

  /** Gives everything back, and leaves. */
  void close() {
    if (!isClosing) {
      readings.forEach(this::process);
      commit(readings.keySet());
      isClosing = true;
      member.later(
          dice.between(0, GIVE_BACK_NANOS),
          () -> {
            readings.clear();
            member.step(new MemberInput.Leaving("closed"));
          });
    }
  }

  private void poll() {
    if (isClosing) {
      return;
    }
    member.later(untilNextPoll(), this::poll);
    readings.forEach(this::process);
    member.step(new MemberInput.Polled());
    ownership.told(news);
    if (ownership.failure().isPresent()) {
      cluster.tally().count("members failed, " + ownership.failure().get().code());
      member.kill();
      return;
    }
    drop(ownership.lost());
    giveBack();
    ownership.report().ifPresent(held -> member.step(new MemberInput.Holds(held)));
    take();
    handOut();
    if (world.nowNanos() - nextCommitNanos >= 0) {
      nextCommitNanos = world.nowNanos() + dice.between(World.MILLI, COMMIT_NANOS_MAX);
      commit(readings.keySet());
    }
  }

  private long untilNextPoll() {
    long most = cluster.scenario().groups().rebalanceMillis() * World.MILLI;
    return dice.chance(0.005) && !cluster.isHealed()
        ? dice.between(most / 2, 3 * most / 2)
        : dice.between(5 * World.MILLI, 60 * World.MILLI);
  }

  /** It has done with what it was given before. */
  private void process(PartitionId partition, Reading reading) {
    if (reading.handedOut > reading.processed) {
      cluster
          .crowd()
          .scene()
          .processed(member.group(), partition, reading.processed, reading.handedOut);
      reading.processed = reading.handedOut;
    }
  }

  private void drop(List<Grant> gone) {
    gone.forEach(grant -> {
      member.note("drops", grant, grant.epoch());
      readings.remove(grant.id());
    });
    ownership.dropped(gone);
  }

  private void giveBack() {
    var back = ownership.toGiveBack();
    if (back.isEmpty()) {
      givingBackSinceNanos = OptionalLong.empty();
      return;
    }
    if (givingBackSinceNanos.isEmpty()) {
      givingBackSinceNanos = OptionalLong.of(world.nowNanos());
      isGiveBackCommitted = false;
    }
    if (!isGiveBackCommitted && underWay.isEmpty()) {
      isGiveBackCommitted = true;
      commit(back.stream().map(Grant::id).toList());
    }
    boolean isLate = world.nowNanos() - givingBackSinceNanos.getAsLong() >= GIVE_BACK_NANOS;
    if (isLate || isHasty || (isGiveBackCommitted && underWay.isEmpty())) {
      cluster.tally().count("partitions given back", back.size());
      givingBackSinceNanos = OptionalLong.empty();
      drop(back);
    }
  }

  private void take() {
    var granted = ownership.toTake();
    ownership.took(granted);
    for (var grant : granted) {
      var told =
          new Granted(
              grant.epoch(),
              grant
                  .committed()
                  .map(at -> OptionalLong.of(at.offset()))
                  .orElse(OptionalLong.empty()),
              grant.isFromStart());
      cluster.crowd().ask(each -> each.took(cluster.crowd().scene(), member, grant.id(), told));
      readings.put(grant.id(), reading(grant, told));
      member.note("takes", grant, grant.epoch());
      cluster.tally().count("partitions taken");
    }
  }

  private Reading reading(Grant grant, Granted told) {
    if (told.committed().isPresent()) {
      long at = told.committed().getAsLong();
      return new Reading(news.incarnation(), grant.epoch(), at, at);
    }
    boolean isFromStart = told.isFromStart() || member.simGroup().readsFromStart();
    long position = isFromStart ? 0 : cluster.crowd().numbers(grant.id());
    if (!isFromStart) {
      nextCommitNanos = world.nowNanos();
    }
    return new Reading(news.incarnation(), grant.epoch(), position, isFromStart ? 0 : -1);
  }

  private void handOut() {
    var lease = member.leaseEndNanos();
    if (lease.isEmpty() || lease.getAsLong() <= world.nowNanos()) {
      return;
    }
    readings.forEach((partition, reading) -> {
      long end = cluster.crowd().numbers(partition);
      if (ownership.isReadable(partition) && reading.isAnchored() && reading.handedOut < end) {
        cluster.crowd().ask(each -> each.handsOut(cluster.crowd().scene(), member, partition));
        reading.handedOut = Math.min(end, reading.handedOut + 1 + dice.below(NUMBERS_MAX));
      }
    });
  }

  // ---- commits: one at a time

  private void commit(Collection<PartitionId> partitions) {
    if (underWay.isPresent()) {
      return;
    }
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var partition : partitions) {
      var reading = readings.get(partition);
      if (reading != null && reading.processed != reading.committed && has(partition)) {
        var note = new CommitNote(member.id(), ownership.epoch(), serial++);
        offsets =
            offsets.plus(
                partition, new Committed(reading.processed, Optional.empty(), note.toString(), 0));
      }
    }
    if (offsets.isEmpty()) {
      return;
    }
    var asked = offsets;
    long number = serial;
    underWay = OptionalLong.of(number);
    cluster
        .crowd()
        .calls()
        .commit(
            member,
            new Commits(member.group(), Optional.of(member.id()), ownership.epoch(), asked),
            answer -> answered(number, asked, answer));
    member.later(ANSWER_NANOS, () -> over(number));
  }

  /** It is answered, or given up. */
  private void over(long number) {
    if (underWay.equals(OptionalLong.of(number))) {
      underWay = OptionalLong.empty();
    }
  }

  private void answered(long number, TreePMap<PartitionId, Committed> asked, CommitAnswer answer) {
    over(number);
    switch (answer) {
      case CommitAnswer.Kept(var refused) ->
          asked.forEach((partition, committed) -> {
            var why = refused.get(partition);
            if (why != null) {
              cluster.tally().count("commits refused, " + why.code());
            } else {
              kept(partition, committed);
            }
          });
      case CommitAnswer.NotKept(var why) -> {
        cluster.tally().count("commits refused, " + why.code());
        if (why.code().isRetriable()) {
          member.link().forgetCoordinator();
        }
      }
    }
  }

  private void kept(PartitionId partition, Committed committed) {
    cluster.tally().count("commits kept");
    cluster
        .crowd()
        .ask(each -> each.kept(cluster.crowd().scene(), member, partition, committed.metadata()));
    var reading = readings.get(partition);
    if (reading != null && reading.epoch <= CommitNote.parse(committed.metadata()).epoch()) {
      reading.committed = committed.offset();
    }
  }
}
