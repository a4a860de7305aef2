package dev.naru.broker.coordinator;

import static java.util.Objects.requireNonNull;

import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ShardInput.Says;
import dev.naru.broker.coordinator.ShardInput.StreamEnded;
import dev.naru.broker.group.Grant;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.pcollections.TreePSet;

/**
 * A coordinator is cut off from all but some members while another one takes over, at random.
 * Members talk to either, are slow to give back and to hear, look again when nobody answers, and
 * believe what they are told for as long as their lease lasts. What they believe must never
 * overlap.
 */
final class Succession {

  private static final long TICK = 100;
  private static final long SESSION = FakeMember.SESSION.toMillis();
  private static final long BEAT = SESSION / 5;
  private static final int PARTITIONS = 6;

  /** From then on streams break no more. */
  private static final long QUIET = 80_000;

  /** For so long after the cut the old coordinator believes its image to be current. */
  private static final long LEASE_OF_IMAGE = OneShard.GRACE.toMillis();

  private final RandomGenerator dice;
  private final Duration grace;
  private final boolean knowsItsLease;
  private final boolean areTrusting;
  private final List<Walker> walkers;
  private final OneShard first;
  private Optional<OneShard> second = Optional.empty();
  private final long cutAt;
  private final long takenOverAt;
  private long firstCommitted;
  private long now;

  /**
   * A story that is the same for the same dice.
   *
   * @param grace what the new coordinator gives every member on top
   * @param knowsItsLease whether the old one stops to prolong leases by itself
   * @param areTrusting whether members take it that their join was heard when they are accepted,
   *     whatever that says
   */
  Succession(RandomGenerator dice, Duration grace, boolean knowsItsLease, boolean areTrusting) {
    this.dice = dice;
    this.grace = grace;
    this.knowsItsLease = knowsItsLease;
    this.areTrusting = areTrusting;
    first = new OneShard(new FakeTenantLog(), Duration.ZERO, grace).topic("a", PARTITIONS);
    first.commit();
    walkers = IntStream.rangeClosed(1, 4).mapToObj(Walker::new).toList();
    cutAt = 3_000 + TICK * dice.nextInt(100);
    takenOverAt = cutAt + TICK * dice.nextInt(80);
  }

  /** Plays to the end, and tells what went wrong first. */
  Optional<String> play() {
    for (now = 0; now < QUIET + 40_000; now += TICK) {
      step();
      var wrong = overlap();
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** Whether in the end somebody reads each partition. */
  boolean isSettled() {
    var all = new TreeSet<PartitionId>();
    walkers.forEach(walker -> all.addAll(walker.believed()));
    return all.size() == PARTITIONS;
  }

  private void step() {
    if (now == takenOverAt) {
      second = Optional.of(successor());
    }
    first.isCurrent(!knowsItsLease || now < cutAt + LEASE_OF_IMAGE);
    walkers.forEach(Walker::step);
    first.tick(Duration.ofMillis(TICK));
    second.ifPresent(shard -> shard.tick(Duration.ofMillis(TICK)));
    commitSome();
  }

  /** From when another one leads, the old one commits nothing. */
  private void commitSome() {
    if (dice.nextInt(3) == 0) {
      return;
    }
    if (second.isEmpty()) {
      firstCommitted = first.log().end();
      first.commit(firstCommitted);
    } else {
      second.get().doWork();
      second.get().commit(second.get().log().end());
    }
  }

  /** It has all that was committed, and some of what was not. */
  private OneShard successor() {
    var batches = first.log().batches();
    var kept = new ArrayList<BatchBytes>();
    long end = 0;
    for (var batch : batches) {
      end += batch.header().recordCount();
      if (end > firstCommitted && dice.nextBoolean()) {
        break;
      }
      kept.add(batch);
    }
    return new OneShard(new FakeTenantLog(kept), Duration.ZERO, grace).topic("a", PARTITIONS);
  }

  private Optional<String> overlap() {
    var holders = new HashMap<PartitionId, Walker>();
    for (var walker : walkers) {
      for (var partition : walker.believed()) {
        var other = holders.put(partition, walker);
        if (other != null) {
          return Optional.of(
              "At %d ms (cut at %d, taken over at %d) %s and %s both read %s"
                  .formatted(now, cutAt, takenOverAt, other, walker, partition));
        }
      }
    }
    return Optional.empty();
  }

  /** A member as a careful client is one. */
  private final class Walker {

    private final MemberId id;
    private final TreeSet<PartitionId> hands = new TreeSet<>();
    private final Map<Long, Long> sentAt = new HashMap<>();
    private Line line = new Line();
    private OneShard coordinator = first;
    private TreeSet<PartitionId> told = new TreeSet<>();
    private int epoch;
    private long sequence;
    private long heard;
    private long leaseFrom = Long.MIN_VALUE / 2;
    private boolean owesHolding;

    Walker(int number) {
      id = MemberId.of(0, number);
    }

    /** What it reads now. */
    Set<PartitionId> believed() {
      return isLeased() ? hands : new TreeSet<>();
    }

    private boolean isLeased() {
      return now - leaseFrom <= SESSION;
    }

    void step() {
      if (sequence == 0) {
        if (dice.nextInt(10) == 0) {
          connect();
        }
        return;
      }
      line.deliver();
      if (!isLeased() && epoch > 0) {
        giveUp();
        connect();
      } else if (isUnheardFor(SESSION / 3)) {
        connect(); // maybe to the same one again
      } else if (dice.nextInt(isLeased() ? 300 : 20) == 0 && (now < QUIET || !isLeased())) {
        connect();
      } else if (dice.nextInt(20) == 0 || now - requireNonNull(sentAt.get(sequence)) >= BEAT) {
        say(new FromMember.Heartbeat());
      }
      if (owesHolding && dice.nextInt(4) == 0) {
        owesHolding = false;
        hands.retainAll(told);
        say(new FromMember.Holds(epoch, TreePSet.from(hands)));
      }
    }

    private boolean isUnheardFor(long millis) {
      return heard < sequence && now - requireNonNull(sentAt.get(heard + 1)) >= millis;
    }

    private void giveUp() {
      hands.clear();
      told.clear();
      epoch = 0;
      owesHolding = false;
    }

    private int attempts;

    /** Over another stream; to whichever coordinator it has heard of. */
    private void connect() {
      line.isOpen = false;
      coordinator.take(new StreamEnded(line));
      coordinator = second.filter(shard -> dice.nextInt(3) > 0).orElse(first);
      line = new Line();
      sentAt.clear();
      sequence = 0;
      heard = 0;
      coordinator.take(
          new Attends(
              line,
              next(),
              OneShard.GROUP,
              id,
              epoch,
              ++attempts,
              GroupProtocol.NATIVE,
              new MemberProfile(
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  "",
                  "",
                  FakeMember.SESSION,
                  FakeMember.REBALANCE),
              TreePSet.<String>empty().plus("a"),
              TreePSet.from(hands),
              List.of()));
    }

    private void say(FromMember message) {
      coordinator.take(new Says(line, next(), message));
    }

    private long next() {
      sentAt.put(++sequence, now);
      return sequence;
    }

    private void hear(long told, ToMember message) {
      boolean isBelieved = areTrusting && message instanceof ToMember.Accepted;
      heard = Math.max(heard, isBelieved ? Math.max(told, 1) : told);
      if (heard > 0) {
        leaseFrom = Math.max(leaseFrom, requireNonNull(sentAt.get(heard)));
      }
      if (message instanceof ToMember.Assignment(int newEpoch, var grants, _)) {
        epoch = newEpoch;
        this.told = new TreeSet<>(grants.stream().map(Grant::partition).toList());
        hands.addAll(this.told); // and keeps for a while what it is to give back
        owesHolding = true;
      }
    }

    private void refused(Refused why) {
      if (why.code() == ErrorCode.FENCED_MEMBER) {
        giveUp();
      }
      connect();
    }

    @Override
    public String toString() {
      return "member " + id.value().getLeastSignificantBits();
    }

    /** A stream on which everything takes its time. */
    private final class Line implements MemberStream {

      private final ArrayDeque<Runnable> underWay = new ArrayDeque<>();
      private boolean isOpen = true;

      void deliver() {
        while (isOpen && !underWay.isEmpty() && dice.nextInt(3) > 0) {
          underWay.remove().run();
        }
      }

      @Override
      public boolean isOpen() {
        return isOpen;
      }

      @Override
      public void tell(long heard, ToMember message) {
        underWay.add(() -> hear(heard, message));
      }

      @Override
      public void refuse(Refused why) {
        underWay.add(() -> refused(why));
      }

      @Override
      public void complete() {
        underWay.add(Walker.this::connect);
      }
    }
  }
}
