package dev.naru.broker.replica;

import dev.naru.broker.replica.LeaderEffect.Append;
import dev.naru.broker.replica.LeaderEffect.Propose;
import dev.naru.broker.replica.LeaderInput.Appended;
import dev.naru.broker.replica.LeaderInput.Durable;
import dev.naru.broker.replica.LeaderInput.FollowerReported;
import dev.naru.broker.replica.LeaderInput.Produced;
import dev.naru.broker.replica.LeaderInput.Reassigned;
import dev.naru.broker.replica.LeaderInput.SubscribeAsked;
import dev.naru.broker.replica.LeaderInput.Tick;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.producer.Verdict;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A leader on node 1, its log reduced to two numbers, and a clock that the test turns. */
final class Leading {

  static final long EPOCH_START = 100;
  private static final ReplicationConfig CONFIG = ReplicationConfig.DEFAULTS;

  final PartitionLeader leader;
  Assignments assignment;
  EpochHistory history;
  long end = EPOCH_START;
  long nowNanos = 1_000_000_000_000L;
  long logStart;
  long purgedBelow;
  private long requests;
  ProduceAsked lastAsked;
  private final long[] subscriptions = new long[4];
  private long lastSubscription;

  private Leading(Assignments assignment, long highWatermark, SafetyRules rules) {
    this.assignment = assignment;
    history =
        EpochHistory.EMPTY
            .assign(new LeaderEpoch(2), 0)
            .assign(new LeaderEpoch(assignment.leaderEpoch()), EPOCH_START);
    lastAsked = asked(Acks.NONE, Optional.empty());
    leader =
        new PartitionLeader(
            Assignments.local(1),
            CONFIG,
            rules,
            assignment.build(),
            end,
            end,
            highWatermark,
            0,
            nowNanos);
  }

  /** Begins to lead at offset 100, of which 90 are known to be committed. */
  static Leading of(Assignments assignment) {
    return new Leading(assignment, 90, SafetyRules.PRODUCT);
  }

  /** The same, and deletions below this offset may be gone; node 3 is in sync, node 2 is not. */
  static Leading purgedBelow(long offset) {
    var leading = of(Assignments.led().withIsr(1, 3));
    leading.purgedBelow = offset;
    return leading;
  }

  /** The same with both followers subscribed and complete. */
  static Leading inSync(Assignments assignment) {
    var leading = of(assignment);
    leading.subscribe(2, EPOCH_START);
    leading.subscribe(3, EPOCH_START);
    return leading;
  }

  List<LeaderEffect> step(LeaderInput input) {
    return leader.step(input);
  }

  /** The follower's log ends there, all durable, in the epoch before this leader's. */
  List<LeaderEffect> subscribe(int node, long itsEnd) {
    return subscribe(node, new LogTail(0, itsEnd, itsEnd, epoch(2), OptionalInt.empty()));
  }

  List<LeaderEffect> subscribe(int node, LogTail tail) {
    return step(subscribeAsked(node, tail, assignment.leaderEpoch(), OptionalInt.empty()));
  }

  SubscribeAsked subscribeAsked(int node, LogTail tail, int leaderEpoch, OptionalInt crcAtTail) {
    subscriptions[node] = ++lastSubscription;
    return new SubscribeAsked(
        subscription(node),
        new SubscribeRequest(
            lastSubscription,
            Assignments.PARTITION,
            new LeaderEpoch(leaderEpoch),
            assignment.build().partitionEpoch(),
            tail,
            1000),
        history,
        logStart,
        crcAtTail,
        new ForgottenDeletions(purgedBelow, purgedBelow));
  }

  SubscriptionId subscription(int node) {
    return new SubscriptionId(
        Assignments.node(node),
        new NodeEpoch(assignment.nodeEpochs().get(node - 1)),
        subscriptions[node]);
  }

  /** The follower has this much, and all of it on disk. */
  List<LeaderEffect> ack(int node, long itsEnd) {
    return ack(node, itsEnd, itsEnd);
  }

  List<LeaderEffect> ack(int node, long itsEnd, long itsDurableEnd) {
    return ack(node, itsEnd, itsDurableEnd, 0);
  }

  List<LeaderEffect> ack(int node, long itsEnd, long itsDurableEnd, long itsStart) {
    return step(
        new FollowerReported(
            subscription(node),
            new ProgressReport(
                subscriptions[node],
                new LeaderEpoch(assignment.leaderEpoch()),
                itsEnd,
                itsDurableEnd,
                itsStart)));
  }

  /**
   * Produces a batch of so many records; the effects are those that follow the append, if there is
   * one.
   */
  List<LeaderEffect> produce(Acks acks, int records) {
    var asked = asked(acks, Optional.empty());
    var effects = step(new Produced(asked, new Fresh()));
    if (effects.contains(new Append(asked))) {
      end += records;
      return step(new Appended(asked, end - records, end));
    }
    return effects;
  }

  /** A batch comes of which the ledger says this. */
  List<LeaderEffect> produce(Acks acks, Verdict verdict) {
    return step(new Produced(asked(acks, Optional.empty()), verdict));
  }

  ProduceAsked asked(Acks acks, Optional<LeaderEpoch> knownEpoch) {
    lastAsked =
        new ProduceAsked(
            new ProduceKey(1, 1, ++requests), acks, knownEpoch, batch(100), 0, nowNanos);
    return lastAsked;
  }

  static BatchBytes batch(int bytes) {
    return BatchBytes.of(ByteBuffer.allocate(bytes));
  }

  List<LeaderEffect> forced() {
    return step(new Durable(end, 0));
  }

  List<LeaderEffect> image(Assignments newer) {
    assignment = newer;
    return step(new Reassigned(newer.build()));
  }

  /** Time passes in steps of 100 ms; all that happened meanwhile. */
  List<LeaderEffect> pass(Duration time) {
    var effects = new ArrayList<LeaderEffect>();
    for (long ms = 0; ms < time.toMillis(); ms += 100) {
      nowNanos += 100_000_000;
      effects.addAll(step(new Tick(nowNanos)));
    }
    return effects;
  }

  static Optional<AlterPartition> proposal(List<LeaderEffect> effects) {
    return effects.stream()
        .filter(Propose.class::isInstance)
        .map(effect -> ((Propose) effect).proposal())
        .reduce((first, second) -> second);
  }

  static List<Integer> members(List<LeaderEffect> effects) {
    return proposal(effects).stream()
        .flatMap(proposal -> proposal.isr().stream())
        .map(IsrMember::node)
        .map(NodeId::value)
        .toList();
  }

  static Optional<LeaderEpoch> epoch(int value) {
    return Optional.of(new LeaderEpoch(value));
  }
}
