package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.WaitingProduces.Waiting;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.LeaderEffect;
import dev.naru.broker.replica.LeaderEffect.AdvanceHighWatermark;
import dev.naru.broker.replica.LeaderEffect.AnswerProduce;
import dev.naru.broker.replica.LeaderEffect.Append;
import dev.naru.broker.replica.LeaderEffect.AwaitCommit;
import dev.naru.broker.replica.LeaderEffect.Feed;
import dev.naru.broker.replica.LeaderEffect.Propose;
import dev.naru.broker.replica.LeaderEffect.RefuseProduce;
import dev.naru.broker.replica.LeaderEffect.Report;
import dev.naru.broker.replica.LeaderEffect.StartInSync;
import dev.naru.broker.replica.LeaderEffect.StopFeeding;
import dev.naru.broker.replica.LeaderEffect.Tell;
import dev.naru.broker.replica.LeaderInput;
import dev.naru.broker.replica.LeaderInput.Appended;
import dev.naru.broker.replica.LeaderInput.Durable;
import dev.naru.broker.replica.LeaderInput.FollowerReported;
import dev.naru.broker.replica.LeaderInput.Produced;
import dev.naru.broker.replica.LeaderInput.ProposalRefused;
import dev.naru.broker.replica.LeaderInput.Reassigned;
import dev.naru.broker.replica.LeaderInput.SubscribeAsked;
import dev.naru.broker.replica.LeaderInput.SubscriptionEnded;
import dev.naru.broker.replica.LeaderInput.Tick;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.PartitionEvent.BecameLeader;
import dev.naru.broker.replica.PartitionLeader;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.replica.ToLeader.CreditGrant;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.broker.replica.ToLeader.Unsubscribe;
import dev.naru.log.AppendResult;
import dev.naru.log.producer.Verdict;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.MessageTimestamp;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Runs a {@link PartitionLeader} over the log, the streams of its followers, and who waits for it.
 */
final class LeaderRole implements Role {

  private final HeldPartition held;
  private final LeaderEpoch epoch;
  private final PartitionLeader leader;
  private final FollowerFeeds feeds;
  private final WaitingProduces produces = new WaitingProduces();
  private final WaitingFetches fetches;
  private final WaitingStarts starts;
  private final LedTenant tenant;
  private PartitionAssignment assignment;
  private boolean mustForce;

  LeaderRole(HeldPartition held, PartitionAssignment assignment) {
    this.held = held;
    this.assignment = assignment;
    epoch = assignment.leaderEpoch();
    feeds = new FollowerFeeds(held, epoch, this::isPaced);
    fetches = new WaitingFetches(held.ports().replies());
    starts = new WaitingStarts(held, epoch);
    leader =
        new PartitionLeader(
            held.self(),
            held.config(),
            held.rules(),
            assignment,
            held.log().end(),
            held.log().durableEnd(),
            held.highWatermark(),
            held.log().start(),
            held.nowNanos());
    tenant = new LedTenant(held, epoch, leader.epochStart(), this::produce);
  }

  @Override
  public void begin() {
    held.log().beginEpoch(epoch);
    held.agreed(epoch);
    held.enter(PartitionRole.LEADER, leader.epochStart());
    held.report(new BecameLeader(epoch, leader.epochStart(), assignment.entry().isr()));
    mustForce = true;
    tenant.begin();
    // A leader that is alone in the ISR, and has all of its log on disk, waits for nobody.
    durable(held.log().durableEnd());
  }

  @Override
  public void end() {
    var why = notLeaderAnyMore();
    produces.removeAll().forEach(waiting -> held.giveUp(waiting.key(), Acks.ALL, why));
    tenant.end(why);
    fetches.wakeAll();
    starts.endAll();
    feeds
        .subscriptions()
        .forEach(subscription ->
            held.ports().links().toFollower(subscription, new Refusal(subscription.number(), why)));
    feeds.endAll();
  }

  private Refused notLeaderAnyMore() {
    return new Refused(
        ErrorCode.NOT_LEADER,
        "Expected to lead %s until the batch is committed, but leader epoch %s is over here"
            .formatted(held.id(), epoch));
  }

  // ---- clients

  @Override
  public void produce(ProduceAsked asked) {
    var verdict = held.rules().judge(held.log().producers(), asked.batch().header());
    whyNoRoomToWait(asked)
        .or(() -> whyNoRoom(asked, verdict))
        .ifPresentOrElse(why -> refuse(asked, why), () -> step(new Produced(asked, verdict)));
  }

  private void refuse(ProduceAsked asked, Refused why) {
    if (LedTenant.isOwn(asked)) {
      tenant.refuse(why);
    } else {
      held.refuse(asked.key(), asked.acks(), why);
    }
  }

  private Optional<Refused> whyNoRoomToWait(ProduceAsked asked) {
    return asked.acks() == Acks.ALL && produces.isFull()
        ? Optional.of(
            new Refused(
                ErrorCode.TOO_MANY_REQUESTS,
                "Expected room to wait for followers, but too many requests of %s wait already"
                    .formatted(held.id())))
        : Optional.empty();
  }

  /** What is in the log already needs none. */
  private Optional<Refused> whyNoRoom(ProduceAsked asked, Verdict verdict) {
    return verdict instanceof Duplicate
        ? Optional.empty()
        : held.log().whyNoRoom(asked.batch().size());
  }

  @Override
  public void tenantAsked(TenantAsked asked) {
    tenant.asked(asked);
  }

  @Override
  public void tenantTold(TenantTold told) {
    tenant.told(told);
  }

  @Override
  public void fetchWaits(FetchWaits waits) {
    if (waits.leaderEpoch().equals(epoch) && waits.offset() >= held.highWatermark()) {
      fetches.add(waits);
    } else {
      held.ports().replies().fetchReady(waits.key());
    }
  }

  @Override
  public void fetchGone(FetchKey key) {
    fetches.remove(key);
  }

  // ---- followers

  @Override
  public void fromFollower(SubscriptionId from, ToLeader message) {
    switch (message) {
      case SubscribeRequest request -> step(subscribeAsked(from, request));
      case ProgressReport report -> step(new FollowerReported(from, report));
      case CreditGrant(_, long bytes) -> feeds.granted(from, bytes);
      case Unsubscribe _ -> step(new SubscriptionEnded(from));
    }
  }

  private SubscribeAsked subscribeAsked(SubscriptionId from, SubscribeRequest request) {
    var log = held.log();
    long itsEnd = request.tail().end();
    boolean isWithin = itsEnd > log.start() && itsEnd <= log.end();
    var crcAtTail = isWithin ? log.crcAt(itsEnd) : OptionalInt.empty();
    var asked =
        new SubscribeAsked(
            from,
            request,
            log.epochs(),
            log.view().firstBatchBase(), // a log can only begin where a batch does
            crcAtTail,
            new ForgottenDeletions(log.cleaning().purgedBelow(), log.cleaning().cleanBelow()));
    if (isWithin && !asked.isSameBatchAtTail()) {
      // If it is the leader's batch that has changed, or that cannot be read, this read finds it,
      // and ends the reign.
      log.view().read(itsEnd - 1, 1, itsEnd);
    }
    return asked;
  }

  private boolean isPaced(NodeId follower) {
    return leader.isPaced(follower);
  }

  @Override
  public void followerLost(SubscriptionId subscription) {
    step(new SubscriptionEnded(subscription));
  }

  @Override
  public void readDone(ReadDone read) {
    feeds.readDone(read.subscription(), read.from(), read.batches());
  }

  /** A follower that reads here would never hear of a deletion that is gone before it came by. */
  @Override
  public long purgeEnd() {
    return feeds.leastNext();
  }

  // ---- the controller, the disk, the clock

  @Override
  public void reassigned(PartitionAssignment changed) {
    assignment = changed;
    step(new Reassigned(changed));
  }

  @Override
  public void proposalRefused(AlterPartition proposal, Refused why) {
    step(new ProposalRefused(proposal, why));
  }

  @Override
  public void durable(long end) {
    step(new Durable(end, held.log().view().startOnRecord()));
  }

  @Override
  public void startDue(StartDue due) {
    starts.due(due);
  }

  @Override
  public void startAsked(StartAsked asked) {
    starts.asked(asked, leader.startInSync());
  }

  @Override
  public void tick(long nowNanos) {
    step(new Tick(nowNanos));
    held.lags().tick(nowNanos, leader::followerLags);
    for (var late : produces.expire(nowNanos)) {
      held.giveUp(late.key(), Acks.ALL, leader.whyNotCommitted());
    }
    fetches.expire(nowNanos);
    starts.forgetGone();
    feeds.leftBehind().ifPresent(this::endLeftBehind);
    feeds.pumpAll();
    feeds.sendWatermarks();
    tenant.tick(nowNanos);
  }

  @Override
  public boolean isAtRest() {
    return leader.isAtRest()
        && feeds.haveAllHeard()
        && produces.isEmpty()
        && fetches.isEmpty()
        && starts.isEmpty()
        && tenant.isAtRest();
  }

  private void endLeftBehind(SubscriptionId subscription) {
    var why =
        new Refused(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            "Expected to read at or above the log start %d, but the follower is below it"
                .formatted(held.log().start()));
    step(new SubscriptionEnded(subscription));
    held.ports().links().toFollower(subscription, new Refusal(subscription.number(), why));
  }

  @Override
  public void settle() {
    tenant.settle();
    if (mustForce) {
      mustForce = false;
      held.force();
    }
    feeds.sendLogStarts();
  }

  // ---- effects

  private void step(LeaderInput input) {
    run(leader.step(input));
    held.noteConfirmed(leader.isConfirmed());
  }

  private void run(List<LeaderEffect> effects) {
    for (var effect : effects) {
      switch (effect) {
        case Append(var asked) -> append(asked);
        case RefuseProduce(var asked, var why) -> refuse(asked, why);
        case AnswerProduce(var asked, long firstOffset, boolean isDuplicate) -> {
          held.publish();
          held.ports()
              .replies()
              .produced(asked.key(), firstOffset, appendMillis(asked, isDuplicate));
        }
        case AwaitCommit await -> await(await);
        case AdvanceHighWatermark(long to) -> advance(to);
        case StartInSync(long to) -> starts.complete(to);
        case Tell(var to, var message) -> held.ports().links().toFollower(to, message);
        case Feed feed -> feeds.begin(feed);
        case StopFeeding(var subscription) -> feeds.end(subscription);
        case Propose(var proposal) -> held.ports().proposals().propose(proposal);
        case Report(var event) -> held.report(event);
      }
    }
  }

  private void append(ProduceAsked asked) {
    AppendResult.Appended appended;
    try {
      appended = held.log().appendAsLeader(asked.batch(), epoch, asked.arrivedMillis());
    } catch (RuntimeException fault) { // Ends the role, which knows only of those who wait by then.
      if (!LedTenant.isOwn(asked)) {
        held.giveUp(asked.key(), asked.acks(), notLeaderAnyMore());
      }
      throw fault;
    }
    mustForce |= assignment.settings().flush() == Flush.QUORUM || appended.hasRolled();
    feeds.appended(appended.firstOffset(), asked.batch());
    held.traffic().appended(asked.batch().size(), appended.end() - appended.firstOffset());
    step(new Appended(asked, appended.firstOffset(), appended.end()));
  }

  private void await(AwaitCommit await) {
    var asked = await.asked();
    if (LedTenant.isOwn(asked)) {
      return; // it hears how far the log is committed
    }
    var waiting =
        new Waiting(
            asked.key(),
            await.firstOffset(),
            await.end(),
            appendMillis(asked, await.isDuplicate()),
            asked.deadlineNanos());
    if (await.isDuplicate()) {
      produces.addKnown(waiting);
    } else {
      produces.add(waiting);
    }
  }

  /** A duplicate's was that of the first copy, which is not remembered. */
  private OptionalLong appendMillis(ProduceAsked asked, boolean isDuplicate) {
    return assignment.settings().timestamp() == MessageTimestamp.LOG_APPEND_TIME && !isDuplicate
        ? OptionalLong.of(asked.arrivedMillis())
        : OptionalLong.empty();
  }

  /** Readers see it before the producer hears of it: a read after an ack finds the record. */
  private void advance(long to) {
    held.advanceHighWatermark(to);
    held.publish();
    produces.complete(
        to,
        done ->
            held.ports().replies().produced(done.key(), done.firstOffset(), done.appendMillis()));
    fetches.wakeBelow(to);
    tenant.committed(to);
  }
}
