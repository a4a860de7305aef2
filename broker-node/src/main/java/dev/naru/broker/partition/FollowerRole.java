package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.replica.FollowerEffect;
import dev.naru.broker.replica.FollowerEffect.Acknowledge;
import dev.naru.broker.replica.FollowerEffect.AdvanceHighWatermark;
import dev.naru.broker.replica.FollowerEffect.Append;
import dev.naru.broker.replica.FollowerEffect.CopyFrom;
import dev.naru.broker.replica.FollowerEffect.GiveUpLog;
import dev.naru.broker.replica.FollowerEffect.Grant;
import dev.naru.broker.replica.FollowerEffect.LowerHighWatermark;
import dev.naru.broker.replica.FollowerEffect.RaiseLogStart;
import dev.naru.broker.replica.FollowerEffect.Report;
import dev.naru.broker.replica.FollowerEffect.StartOver;
import dev.naru.broker.replica.FollowerEffect.Subscribe;
import dev.naru.broker.replica.FollowerEffect.Truncate;
import dev.naru.broker.replica.FollowerEffect.Unsubscribe;
import dev.naru.broker.replica.FollowerInput;
import dev.naru.broker.replica.FollowerInput.Accepted;
import dev.naru.broker.replica.FollowerInput.AppendRefused;
import dev.naru.broker.replica.FollowerInput.BatchesArrived;
import dev.naru.broker.replica.FollowerInput.Begun;
import dev.naru.broker.replica.FollowerInput.SubscriptionLost;
import dev.naru.broker.replica.FollowerInput.SubscriptionRefused;
import dev.naru.broker.replica.FollowerInput.Tick;
import dev.naru.broker.replica.FollowerInput.TruncateOrdered;
import dev.naru.broker.replica.FollowerInput.WatermarkArrived;
import dev.naru.broker.replica.FollowerInput.WatermarkLowered;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.LeaderEpochCheck;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.PartitionEvent.BecameFollower;
import dev.naru.broker.replica.PartitionEvent.LogTruncated;
import dev.naru.broker.replica.PartitionFollower;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToFollower.WatermarkFrame;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.replica.ToLeader.CreditGrant;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.log.AppendResult.Appended;
import dev.naru.log.AppendResult.NotAppended;
import dev.naru.log.Cut;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.retention.DropReason;
import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.Losses;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs a {@link PartitionFollower} over the log and the stream to its leader. */
final class FollowerRole implements Role {

  private final HeldPartition held;
  private final KnownLeader leader;
  private final PartitionFollower follower;
  private PartitionAssignment assignment;
  private OptionalLong liveSubscription = OptionalLong.empty();
  private boolean mustForce;
  private boolean mustAcknowledge;
  private long acknowledgedEnd;
  private long acknowledgedStart;
  private long grantableBytes;

  /** As the leader has told of them so far, when it accepts a log without a batch. */
  private final List<ProducerState> producers = new ArrayList<>();

  FollowerRole(HeldPartition held, PartitionAssignment assignment, KnownLeader leader) {
    this.held = held;
    this.assignment = assignment;
    this.leader = leader;
    follower =
        new PartitionFollower(
            held.rules(), held.self().id(), held.tail(), held.highWatermark(), held.nowNanos());
  }

  @Override
  public void begin() {
    held.enter(PartitionRole.FOLLOWER, 0);
    held.log().forgetEmptyEpochs();
    held.report(new BecameFollower(leader.epoch(), leader.node()));
    // The role before may have appended in this very turn, and is not there to have it forced.
    mustForce = flush() == Flush.QUORUM;
    step(new Begun());
  }

  @Override
  public void end() {
    unsubscribe();
  }

  @Override
  public void reassigned(PartitionAssignment changed) {
    assignment = changed;
    if (held.highWatermark() < follower.highWatermark()) {
      step(new WatermarkLowered(held.highWatermark()));
    }
  }

  @Override
  public void tick(long nowNanos) {
    step(new Tick(nowNanos));
  }

  @Override
  public boolean isAtRest() {
    return follower.isAtRest();
  }

  @Override
  public boolean isImpatient() {
    return follower.isImpatient();
  }

  // ---- what others want of a leader

  @Override
  public void produce(ProduceAsked asked) {
    var epoch = asked.knownEpoch().flatMap(known -> LeaderEpochCheck.whyNot(known, leader.epoch()));
    held.refuse(asked.key(), asked.acks(), epoch.orElseGet(this::notLeader));
  }

  @Override
  public void startAsked(StartAsked asked) {
    asked.done().accept(Optional.of(notLeader()));
  }

  @Override
  public void tenantAsked(TenantAsked asked) {
    asked.refused().accept(notLeader());
  }

  @Override
  public void fetchWaits(FetchWaits waits) {
    held.ports().replies().fetchReady(waits.key());
  }

  @Override
  public void fromFollower(SubscriptionId from, ToLeader message) {
    if (message instanceof SubscribeRequest request) {
      var why =
          LeaderEpochCheck.whyNot(request.leaderEpoch(), leader.epoch()).orElseGet(this::notLeader);
      held.ports().links().toFollower(from, new Refusal(from.number(), why));
    }
  }

  private Refused notLeader() {
    return new Refused(
        ErrorCode.NOT_LEADER,
        "Expected the leader of %s, node %s, but this is node %s"
            .formatted(held.id(), leader.node(), held.self().id()));
  }

  // ---- what the leader says

  @Override
  public void fromLeader(NodeId from, ToFollower message) {
    if (!from.equals(leader.node())
        || liveSubscription.isEmpty()
        || liveSubscription.getAsLong() != message.subscription()) {
      return; // of a subscription that is over
    }
    switch (message) {
      case Refusal(_, var why) -> {
        liveSubscription = OptionalLong.empty();
        step(new SubscriptionRefused(why));
      }
      case TruncateOrder order when order.leaderEpoch().equals(leader.epoch()) ->
          step(new TruncateOrdered(order, held.log().epochs(), held.tail(), lossesSinceAgreed()));
      case AcceptOrder order when order.leaderEpoch().equals(leader.epoch()) -> accepted(order);
      case BatchesFrame frame when frame.leaderEpoch().equals(leader.epoch()) ->
          step(new BatchesArrived(frame));
      case WatermarkFrame frame when frame.leaderEpoch().equals(leader.epoch()) ->
          step(new WatermarkArrived(frame));
      case TruncateOrder _, AcceptOrder _, BatchesFrame _, WatermarkFrame _ -> {}
    }
  }

  private void accepted(AcceptOrder order) {
    if (producers.size() < ProducerLedger.PRODUCERS_MAX) { // no leader knows of more
      producers.addAll(order.producers());
    }
    if (!order.hasMore()) {
      step(new Accepted(order, held.tail(), isCountedOn(), lossesSinceAgreed()));
    }
  }

  private Losses lossesSinceAgreed() {
    return assignment.entry().losses().since(held.log().agreed());
  }

  private boolean isCountedOn() {
    return assignment.entry().involves(held.self().id());
  }

  @Override
  public void leaderLost(NodeId from, long subscription) {
    if (liveSubscription.isPresent() && liveSubscription.getAsLong() == subscription) {
      liveSubscription = OptionalLong.empty();
      step(new SubscriptionLost());
    }
  }

  @Override
  public void durable(long end) {
    // Before it is accepted the log may hold what the leader's does not; accepted, it says all.
    mustAcknowledge |= follower.isAccepted();
  }

  // ---- effects

  private void step(FollowerInput input) {
    run(follower.step(input));
  }

  private void run(List<FollowerEffect> effects) {
    for (var effect : effects) {
      switch (effect) {
        case Subscribe() -> subscribe();
        case Unsubscribe() -> unsubscribe();
        case Append(var frame) -> append(frame);
        case Truncate(long end, var why) -> wasCut(held.log().truncateTo(end, why), why);
        case StartOver(long at, var why) -> {
          var cut = held.log().startOver(at, why);
          held.lowerHighWatermark(at);
          wasCut(cut, why);
        }
        case CopyFrom(long from, var forgotten) -> {
          held.log().cleaning().copying(from, forgotten.purgedBelow(), forgotten.cleanBelow());
          adoptProducers();
          held.agreed(leader.epoch());
        }
        case FollowerEffect.DeclareLoss(var lossEpoch, var log, long cutFrom) ->
            held.ports()
                .proposals()
                .declare(
                    new DeclareLoss(
                        held.id(), lossEpoch, held.self().id(), held.self().epoch(), log, cutFrom));
        case LowerHighWatermark(long to) -> held.lowerHighWatermark(to);
        case Acknowledge() -> mustAcknowledge = true;
        case Grant(long bytes) -> grantableBytes += bytes;
        case AdvanceHighWatermark(long to) -> held.advanceHighWatermark(to);
        case RaiseLogStart(long to) -> held.raiseStart(to, DropReason.LEADER);
        case GiveUpLog(var why) ->
            throw new LogDamagedException(held.log().damageOfLastBatch(why.reason()));
        case Report(var event) -> held.report(event);
      }
    }
  }

  /** Before the first append: what it copies does not tell of those whose batches are gone. */
  private void adoptProducers() {
    if (!producers.isEmpty() && held.log().end() == held.log().start()) {
      held.log().adopt(producers);
    }
    producers.clear();
  }

  private void subscribe() {
    producers.clear();
    var request =
        new SubscribeRequest(
            held.ports().links().nextSubscription(),
            held.id(),
            leader.epoch(),
            assignment.partitionEpoch(),
            held.tail(),
            held.config().windowBytes());
    liveSubscription = OptionalLong.of(request.subscription());
    mustAcknowledge = false;
    acknowledgedEnd = -1;
    acknowledgedStart = -1;
    grantableBytes = 0;
    held.ports().links().toLeader(leader.node(), request);
  }

  private void unsubscribe() {
    if (liveSubscription.isPresent()) {
      var message = new ToLeader.Unsubscribe(liveSubscription.getAsLong());
      liveSubscription = OptionalLong.empty();
      held.ports().links().toLeader(leader.node(), message);
    }
  }

  private void append(BatchesFrame frame) {
    switch (held.log().appendAsFollower(frame.batches(), leader.epoch())) {
      case Appended appended -> {
        mustForce |= flush() == Flush.QUORUM || appended.hasRolled();
        step(new FollowerInput.Appended(frame, appended.end()));
      }
      case NotAppended(var why) -> step(new AppendRefused(why));
    }
  }

  private void wasCut(Cut cut, String why) {
    held.wasCut();
    held.report(new LogTruncated(cut.oldEnd(), cut.end(), why));
  }

  private Flush flush() {
    return assignment.settings().flush();
  }

  // ---- once a turn

  @Override
  public void settle() {
    if (mustForce) {
      mustForce = false;
      held.force();
    }
    if (liveSubscription.isEmpty()) {
      return;
    }
    acknowledge(liveSubscription.getAsLong());
    if (grantableBytes >= held.config().windowBytes() / 4) {
      held.ports()
          .links()
          .toLeader(leader.node(), new CreditGrant(liveSubscription.getAsLong(), grantableBytes));
      grantableBytes = 0;
    }
  }

  /**
   * Speaks up only about what counts: with flush=quorum the end comes along with the durable end;
   * and a start, once it is on record.
   */
  private void acknowledge(long subscription) {
    var log = held.log();
    long counted = held.rules().countedEnd(flush(), log.end(), log.durableEnd());
    long start = log.view().startOnRecord();
    if (mustAcknowledge && (counted > acknowledgedEnd || start > acknowledgedStart)) {
      held.ports()
          .links()
          .toLeader(
              leader.node(),
              new ProgressReport(subscription, leader.epoch(), log.end(), log.durableEnd(), start));
      acknowledgedEnd = counted;
      acknowledgedStart = start;
    }
    mustAcknowledge = false;
  }
}
