package dev.naru.broker.replica;

import dev.naru.broker.replica.LeaderEffect.AdvanceHighWatermark;
import dev.naru.broker.replica.LeaderEffect.AnswerProduce;
import dev.naru.broker.replica.LeaderEffect.Append;
import dev.naru.broker.replica.LeaderEffect.AwaitCommit;
import dev.naru.broker.replica.LeaderEffect.Feed;
import dev.naru.broker.replica.LeaderEffect.RefuseProduce;
import dev.naru.broker.replica.LeaderEffect.Report;
import dev.naru.broker.replica.LeaderEffect.StartInSync;
import dev.naru.broker.replica.LeaderEffect.StopFeeding;
import dev.naru.broker.replica.LeaderEffect.Tell;
import dev.naru.broker.replica.LeaderInput.Appended;
import dev.naru.broker.replica.LeaderInput.Durable;
import dev.naru.broker.replica.LeaderInput.FollowerReported;
import dev.naru.broker.replica.LeaderInput.Produced;
import dev.naru.broker.replica.LeaderInput.ProposalRefused;
import dev.naru.broker.replica.LeaderInput.Reassigned;
import dev.naru.broker.replica.LeaderInput.SubscribeAsked;
import dev.naru.broker.replica.LeaderInput.SubscriptionEnded;
import dev.naru.broker.replica.LeaderInput.Tick;
import dev.naru.broker.replica.PartitionEvent.DuplicateMet;
import dev.naru.broker.replica.PartitionEvent.SequenceRefused;
import dev.naru.broker.replica.PartitionEvent.SequenceReused;
import dev.naru.broker.replica.PartitionEvent.SubscriptionBroken;
import dev.naru.broker.replica.PartitionEvent.SubscriptionRefused;
import dev.naru.broker.replica.SubscribeAnswer.FitsUpTo;
import dev.naru.broker.replica.SubscribeAnswer.NothingShared;
import dev.naru.broker.replica.SubscribeAnswer.Parts;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.log.producer.Verdict;
import dev.naru.log.producer.Verdict.Contradiction;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.log.producer.Verdict.Refusal;
import dev.naru.metadata.image.Flush;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The leader of one partition in one leader epoch: it decides what is appended, which followers it
 * serves, who is in sync, and what is committed. What happened comes in, what must be done goes
 * out; it has no log, no clock and no thread.
 *
 * <p>The high watermark moves in one place, at the end of every step: it is the least counted end
 * of all replicas that are, or by an undecided proposal may be, in the ISR. It moves only while the
 * ISR has {@code min.insync.replicas} members.
 *
 * <p>Another leader epoch means another object, so that nothing learned in one epoch is used in the
 * next.
 *
 * <p>Invariants: highWatermark <= end; durableEnd <= end; a leader never truncates.
 */
public final class PartitionLeader {

  private final SafetyRules rules;
  private final long epochStart;
  private final Followers followers;
  private final IsrKeeper isr;
  private PartitionAssignment assignment;
  private long end;
  private long durableEnd;
  private long highWatermark;
  private long logStart;
  private final long startBefore;
  private long startInSync;
  private boolean isConfirmed;
  private List<LeaderEffect> effects = new ArrayList<>();

  /**
   * Begins to lead where the log ends.
   *
   * @param highWatermark as held so far: committed under an earlier leader, so committed for good
   * @param logStart as held so far: an earlier leader may have promised that nothing is below
   */
  public PartitionLeader(
      LocalNode self,
      ReplicationConfig config,
      SafetyRules rules,
      PartitionAssignment assignment,
      long end,
      long durableEnd,
      long highWatermark,
      long logStart,
      long nowNanos) {
    this.rules = rules;
    this.assignment = assignment;
    this.end = end;
    this.durableEnd = durableEnd;
    this.highWatermark = highWatermark;
    this.startBefore = logStart;
    epochStart = end;
    followers = new Followers(self.id(), rules, assignment);
    isr =
        new IsrKeeper(
            self, rules, followers, assignment, config.lagMax().toNanos(), epochStart, nowNanos);
  }

  /** What follows from this input. The effects are done before the next input. */
  public List<LeaderEffect> step(LeaderInput input) {
    effects = new ArrayList<>();
    switch (input) {
      case Produced(var asked, var verdict) -> admit(asked, verdict);
      case Appended appended -> onAppended(appended);
      case Durable durable -> onDurable(durable);
      case FollowerReported(var from, var report) -> onReport(from, report);
      case SubscribeAsked asked -> onSubscribe(asked);
      case SubscriptionEnded(var subscription) ->
          followers.with(subscription).ifPresent(this::endSubscription);
      case Reassigned(var changed) -> onReassigned(changed);
      case ProposalRefused(var proposal, var why) -> isr.refused(proposal, why, effects);
      case Tick(long now) -> isr.tick(now, end, ownCountedEnd(), highWatermark, effects);
    }
    advanceHighWatermark();
    advanceStartInSync();
    confirm();
    // After the watermark, or a laggard that was just dropped would be asked back at once.
    isr.proposeJoins(highWatermark, Math.max(startBefore, startInSync), effects);
    return effects;
  }

  // ---- produce (step 12)

  /**
   * A batch that is in the log is answered for before anything is asked that concerns an append: it
   * was allowed when it was appended, and only its commit may be missing.
   */
  private void admit(ProduceAsked asked, Verdict verdict) {
    var wrongEpoch = asked.knownEpoch().flatMap(known -> LeaderEpochCheck.whyNot(known, epoch()));
    if (wrongEpoch.isPresent()) {
      effects.add(new RefuseProduce(asked, wrongEpoch.get()));
    } else if (verdict instanceof Duplicate duplicate) {
      answerAgain(asked, duplicate);
    } else {
      TopicChecks.whyNot(asked, assignment.settings())
          .or(() -> whyNotInItsTurn(verdict))
          .or(() -> whyNotForAll(asked))
          .ifPresentOrElse(
              why -> effects.add(new RefuseProduce(asked, why)),
              () -> effects.add(new Append(asked)));
    }
  }

  /** Never before the watermark: the copy that is there may yet be cut. */
  private void answerAgain(ProduceAsked asked, Duplicate known) {
    effects.add(new Report(new DuplicateMet(known.firstOffset())));
    if (asked.acks() == Acks.ALL && !rules.mayAnswerAgain(known.end(), highWatermark)) {
      effects.add(new AwaitCommit(asked, known.firstOffset(), known.end(), true));
    } else if (asked.acks() != Acks.NONE) {
      effects.add(new AnswerProduce(asked, known.firstOffset(), true));
    }
  }

  private Optional<Refused> whyNotInItsTurn(Verdict verdict) {
    return switch (verdict) {
      case Fresh _, Duplicate _ -> Optional.empty();
      case Refusal(var why) -> {
        effects.add(new Report(new SequenceRefused(why)));
        yield Optional.of(why);
      }
      case Contradiction(var why) -> {
        effects.add(new Report(new SequenceReused(why)));
        yield Optional.of(why);
      }
    };
  }

  private Optional<Refused> whyNotForAll(ProduceAsked asked) {
    return asked.acks() == Acks.ALL && !rules.mayAppendForAll(isrSize(), minInsync())
        ? Optional.of(notEnough(ErrorCode.NOT_ENOUGH_REPLICAS))
        : Optional.empty();
  }

  private void onAppended(Appended appended) {
    end = appended.end();
    var asked = appended.asked();
    switch (asked.acks()) {
      case NONE -> {}
      case LEADER -> effects.add(new AnswerProduce(asked, appended.firstOffset(), false));
      case ALL ->
          effects.add(new AwaitCommit(asked, appended.firstOffset(), appended.end(), false));
    }
  }

  private void onDurable(Durable durable) {
    durableEnd = Math.max(durableEnd, Math.min(durable.end(), end));
    logStart = Math.max(logStart, durable.logStart());
  }

  /** Why a batch that was appended is not committed in time. */
  public Refused whyNotCommitted() {
    if (isrSize() < minInsync()) {
      return notEnough(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    }
    return new Refused(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected all of %s to have the batch in time, but the high watermark is %d"
            .formatted(isr.state().maximal(), highWatermark));
  }

  private Refused notEnough(ErrorCode code) {
    return new Refused(
        code,
        "Expected at least min.insync.replicas = %d in-sync replicas, but were %s"
            .formatted(minInsync(), isr.state().committed()));
  }

  // ---- followers (steps 5, 6, 10)

  private void onSubscribe(SubscribeAsked asked) {
    var refused = SubscribeFence.whyNot(asked, assignment);
    var follower = followers.on(asked.from().follower());
    if (refused.isPresent() || follower.isEmpty()) {
      refuse(asked.from(), refused.orElseGet(() -> SubscribeFence.notReplica(asked)));
      return;
    }
    if (follower.get().isOlderThanLive(asked.from())) {
      return; // it was overtaken by its successor on another stream
    }
    endSubscription(follower.get());
    var tail = asked.request().tail();
    var answer =
        asked.fitsAtAnEdge()
            ? new FitsUpTo(tail.end())
            : rules.answer(asked.history(), asked.logStart(), end, tail);
    switch (answer) {
      case FitsUpTo(long from) -> acceptWhatFits(asked, follower.get(), from);
      case NothingShared(long logStart) -> accept(asked, follower.get(), logStart, true);
      case Parts(var point) ->
          effects.add(
              new Tell(asked.from(), new TruncateOrder(asked.from().number(), epoch(), point)));
    }
  }

  private void acceptWhatFits(SubscribeAsked asked, FollowerProgress follower, long from) {
    if (!asked.mayHoldWhatWasPurged()) {
      accept(asked, follower, from, false);
      return;
    }
    var unheardOf = SubscribeFence.whyNotYet(asked, assignment, isr.state());
    if (unheardOf.isPresent()) {
      refuse(asked.from(), unheardOf.get());
      return;
    }
    boolean startOver = rules.mustStartOver(asked, assignment);
    accept(asked, follower, startOver ? asked.logStart() : from, startOver);
  }

  private void accept(
      SubscribeAsked asked, FollowerProgress follower, long from, boolean startOver) {
    var tail = asked.request().tail();
    if (!startOver && asked.isOtherBatchAtTail()) {
      // The leader's batch is what its checksum says, or it would not lead any more. So it counts,
      // and the follower's is damaged.
      refuse(asked.from(), new Refused(ErrorCode.CORRUPT_LOG, asked.describeTails()));
      return;
    }
    if (startOver) {
      follower.startsOver(asked.from());
    } else {
      follower.subscribed(asked.from(), from, Math.min(from, tail.durableEnd()));
    }
    var order =
        new AcceptOrder(
            asked.from().number(), epoch(), from, startOver, asked.logStart(), asked.forgotten());
    boolean beginsEmpty = startOver || tail.isEmpty();
    effects.add(new Feed(asked.from(), order, beginsEmpty, asked.request().creditBytes()));
  }

  private void refuse(SubscriptionId subscription, Refused why) {
    effects.add(new Tell(subscription, new ToFollower.Refusal(subscription.number(), why)));
    effects.add(new Report(new SubscriptionRefused(Optional.of(subscription.follower()), why)));
  }

  private void onReport(SubscriptionId from, ProgressReport report) {
    var live = followers.with(from);
    if (live.isEmpty() || !report.leaderEpoch().equals(epoch())) {
      return; // of a subscription that is over: it says nothing about this one
    }
    var follower = live.get();
    if (follower.isFallenBehindItself(report.end(), report.durableEnd())
        || report.durableEnd() > report.end()
        || report.end() > end) {
      var why =
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected rising ends of at most %d, but %s and now reported %d, durably %d"
                  .formatted(end, follower.describe(), report.end(), report.durableEnd()));
      endSubscription(follower);
      effects.add(new Tell(from, new ToFollower.Refusal(from.number(), why)));
      effects.add(new Report(new SubscriptionBroken(from, why.reason())));
      return;
    }
    follower.reported(report.end(), report.durableEnd(), report.logStart());
  }

  private void endSubscription(FollowerProgress follower) {
    follower.subscription().ifPresent(live -> effects.add(new StopFeeding(live)));
    follower.unsubscribed();
  }

  private void onReassigned(PartitionAssignment changed) {
    assignment = changed;
    followers.reassign(changed).forEach(this::endReplaced);
    isr.reassigned(changed, effects);
  }

  /** Told so, a process that holds the replica under its new entry subscribes again. */
  private void endReplaced(SubscriptionId ended) {
    var why =
        new Refused(
            ErrorCode.PARTITION_EPOCH_MISMATCH,
            "Expected a subscription of the replica that is assigned now, but was of one before it");
    effects.add(new StopFeeding(ended));
    effects.add(new Tell(ended, new ToFollower.Refusal(ended.number(), why)));
  }

  // ---- high watermark (step 11)

  private void advanceHighWatermark() {
    if (!rules.mayCommit(isr.state(), minInsync())) {
      return;
    }
    long candidate = ownCountedEnd();
    for (var follower : followers) {
      if (isr.holdsBack(follower, highWatermark)) {
        candidate = Math.min(candidate, follower.isKnown() ? follower.countedEnd(flush()) : 0);
      }
    }
    if (candidate > highWatermark) {
      highWatermark = candidate;
      effects.add(new AdvanceHighWatermark(candidate));
    }
  }

  /** As with the watermark: what only a few know, a replica that is elected may not know. */
  private void advanceStartInSync() {
    if (!rules.mayCommit(isr.state(), minInsync())) {
      return;
    }
    long candidate = logStart;
    for (var follower : followers) {
      if (isr.holdsBack(follower, highWatermark)) {
        candidate = Math.min(candidate, follower.logStart());
      }
    }
    if (candidate > startInSync) {
      startInSync = candidate;
      effects.add(new StartInSync(candidate));
    }
  }

  private void confirm() {
    isConfirmed = isConfirmed || isFollowedByWhoeverMayBeElected(); // once, not with every batch
  }

  private boolean isFollowedByWhoeverMayBeElected() {
    for (var follower : followers) {
      boolean mayBeElected =
          isr.state().maximal().contains(follower.node())
              || assignment.entry().elr().containsKey(follower.node());
      if (mayBeElected && !follower.hasReported()) {
        return false;
      }
    }
    return true;
  }

  // ---- what others ask

  /**
   * Whether every replica of ISR and ELR has told this leader that its log is a part of the one
   * here. Until then this may be a leader that the others have left, and what is not in its log may
   * be committed in theirs.
   */
  public boolean isConfirmed() {
    return isConfirmed;
  }

  public LeaderEpoch epoch() {
    return assignment.leaderEpoch();
  }

  /** Where the log ended when this epoch began. */
  public long epochStart() {
    return epochStart;
  }

  public long highWatermark() {
    return highWatermark;
  }

  /** Nobody who may lead next has a log that begins below this. */
  public long startInSync() {
    return startInSync;
  }

  public IsrState isr() {
    return isr.state();
  }

  /** How far each follower is behind, as of the last tick. */
  public List<FollowerLag> followerLags() {
    return isr.lags(end);
  }

  /** Whether every replica is in sync and has all there is: then nobody can fall behind. */
  public boolean isAtRest() {
    return highWatermark == end && isr.isWhole();
  }

  /**
   * Whether the follower is sent no more than moves may take: a move has added it, to stay or to go
   * again, and it is not about to join. Once it is, it is sent all there is: the watermark will
   * wait for it.
   */
  public boolean isPaced(NodeId follower) {
    var move = assignment.entry().move();
    return move.isPresent()
        && move.get().isNew(follower)
        && !isr.state().committed().contains(follower)
        && followers.on(follower).filter(each -> isr.isAboutToJoin(each, highWatermark)).isEmpty();
  }

  private int isrSize() {
    return isr.state().committed().size();
  }

  private int minInsync() {
    return assignment.settings().minInsync();
  }

  private Flush flush() {
    return assignment.settings().flush();
  }

  private long ownCountedEnd() {
    return rules.countedEnd(flush(), end, durableEnd);
  }
}
