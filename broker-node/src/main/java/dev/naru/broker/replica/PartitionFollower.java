package dev.naru.broker.replica;

import dev.naru.broker.replica.FollowerEffect.Acknowledge;
import dev.naru.broker.replica.FollowerEffect.AdvanceHighWatermark;
import dev.naru.broker.replica.FollowerEffect.Append;
import dev.naru.broker.replica.FollowerEffect.CopyFrom;
import dev.naru.broker.replica.FollowerEffect.DeclareLoss;
import dev.naru.broker.replica.FollowerEffect.GiveUpLog;
import dev.naru.broker.replica.FollowerEffect.Grant;
import dev.naru.broker.replica.FollowerEffect.LowerHighWatermark;
import dev.naru.broker.replica.FollowerEffect.RaiseLogStart;
import dev.naru.broker.replica.FollowerEffect.Report;
import dev.naru.broker.replica.FollowerEffect.StartOver;
import dev.naru.broker.replica.FollowerEffect.Subscribe;
import dev.naru.broker.replica.FollowerEffect.Truncate;
import dev.naru.broker.replica.FollowerEffect.Unsubscribe;
import dev.naru.broker.replica.FollowerInput.Accepted;
import dev.naru.broker.replica.FollowerInput.AppendRefused;
import dev.naru.broker.replica.FollowerInput.Appended;
import dev.naru.broker.replica.FollowerInput.BatchesArrived;
import dev.naru.broker.replica.FollowerInput.Begun;
import dev.naru.broker.replica.FollowerInput.SubscriptionLost;
import dev.naru.broker.replica.FollowerInput.SubscriptionRefused;
import dev.naru.broker.replica.FollowerInput.Tick;
import dev.naru.broker.replica.FollowerInput.TruncateOrdered;
import dev.naru.broker.replica.FollowerInput.WatermarkArrived;
import dev.naru.broker.replica.FollowerInput.WatermarkLowered;
import dev.naru.broker.replica.FollowerPhase.Asking;
import dev.naru.broker.replica.FollowerPhase.Halted;
import dev.naru.broker.replica.FollowerPhase.Idle;
import dev.naru.broker.replica.FollowerPhase.Streaming;
import dev.naru.broker.replica.PartitionEvent.FollowerHalted;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A follower of one partition in one leader epoch: it subscribes, cuts its log back to what it
 * shares with the leader, then copies. What happened comes in, what must be done goes out.
 *
 * <p>It knows nothing of subscription numbers: whoever runs it lets only messages of the live
 * subscription and of this leader epoch through, so that what comes late from an earlier one
 * changes nothing.
 *
 * <p>Invariants: no high watermark is taken between a cut and the leader's acceptance, and none
 * above the own end; every cut lowers the end; no cut goes below the high watermark but for what
 * was declared lost before.
 */
public final class PartitionFollower {

  /**
   * The usual cause of a refusal is an image that has not come to all nodes yet. That takes some
   * ten milliseconds, and as long as nobody follows a new leader, nothing that needs it is
   * acknowledged.
   */
  private static final long BACKOFF_NANOS_MIN = 10_000_000L;

  /** Seldom enough not to load a leader that refuses for long, often enough for a quick return. */
  private static final long BACKOFF_NANOS_MAX = 1_000_000_000L;

  /** A wait that is shorter would be lengthened noticeably by the usual time between ticks. */
  private static final long SHORT_WAIT_NANOS = 100_000_000L;

  private final SafetyRules rules;
  private final NodeId self;
  private FollowerPhase phase = new Asking();
  private long end;
  private long logStart;
  private long highWatermark;
  private long nowNanos;
  private long backoffNanos = BACKOFF_NANOS_MIN;

  /** Then being accepted once more says nothing: only what is written does. */
  private boolean hasDiskRefused;

  private List<FollowerEffect> effects = new ArrayList<>();

  /** Begins to follow with this log; says so with {@link Begun}. */
  public PartitionFollower(
      SafetyRules rules, NodeId self, LogTail tail, long highWatermark, long nowNanos) {
    this.rules = rules;
    this.self = self;
    this.end = tail.end();
    this.logStart = tail.start();
    this.highWatermark = highWatermark;
    this.nowNanos = nowNanos;
  }

  /** What follows from this input. The effects are done before the next input. */
  public List<FollowerEffect> step(FollowerInput input) {
    effects = new ArrayList<>();
    switch (input) {
      case Begun() -> subscribe();
      case TruncateOrdered ordered -> onTruncate(ordered);
      case Accepted accepted -> onAccepted(accepted);
      case BatchesArrived(var frame) -> onBatches(frame);
      case WatermarkArrived(var frame) -> takeWatermark(frame.highWatermark(), frame.logStart());
      case WatermarkLowered(long to) -> highWatermark = Math.min(highWatermark, to);
      case Appended(var frame, long newEnd) -> onAppended(frame, newEnd);
      case AppendRefused(var why) -> onAppendRefused(why);
      case SubscriptionRefused(var why) -> onRefused(why);
      case SubscriptionLost() -> waitBeforeAsking();
      case Tick(long now) -> onTick(now);
    }
    return effects;
  }

  // ---- subscribe and cut (steps 4 and 7)

  private void subscribe() {
    phase = new Asking();
    effects.add(new Subscribe());
  }

  private void onTruncate(TruncateOrdered ordered) {
    if (!(phase instanceof Asking)) {
      breakOff(unexpected("Truncate"));
      return;
    }
    var tail = ordered.tail();
    long cut = rules.cutTo(ordered.history(), tail, ordered.order().point());
    var point = ordered.order().point();
    if (cut >= tail.end()) {
      halt(
          "Expected to cut below the end %d at epoch %s, which ends at %d, but cut to %d",
          tail.end(), point.epoch(), point.endOffset(), cut);
      return;
    }
    switch (rules.mayCut(self, ordered.losses(), highWatermark, WantedCut.to(tail, cut))) {
      case CutVerdict.Refuse() ->
          halt(
              "Expected no cut below the high watermark %d, but the leader's epoch %s ends at %d",
              highWatermark, point.epoch(), point.endOffset());
      case CutVerdict.Declare(var loss) -> declare(loss, tail, cut);
      case CutVerdict.Cut() -> {
        end = cut;
        effects.add(
            new Truncate(
                cut,
                "the leader's log parts at epoch %s, end %d"
                    .formatted(point.epoch(), point.endOffset())));
        lowerHighWatermark();
        subscribe();
      }
    }
  }

  /** Asks again after a while: by then the image shows it, or it is announced once more. */
  private void declare(DeclaredLoss loss, LogTail tail, long cut) {
    effects.add(new Unsubscribe());
    effects.add(new DeclareLoss(loss.leaderEpoch(), tail.log(), cut));
    waitBeforeAsking();
  }

  /** Invariant: none above the own end. */
  private void lowerHighWatermark() {
    if (highWatermark > end) {
      highWatermark = end;
      effects.add(new LowerHighWatermark(end));
    }
  }

  private void onAccepted(Accepted accepted) {
    if (!(phase instanceof Asking)) {
      breakOff(unexpected("Accept"));
      return;
    }
    var order = accepted.order();
    end = Math.min(end, accepted.tail().end()); // a cut may go a little further than it was asked
    if (order.startOver()) {
      if (!hasStartedOver(accepted)) {
        return;
      }
    } else if (order.from() != end) {
      breakOff(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected to be accepted from %d, but was from %d".formatted(end, order.from())));
      return;
    }
    effects.add(copyFrom(accepted)); // not before all that was here is gone
    phase = new Streaming();
    if (!hasDiskRefused) {
      backoffNanos = BACKOFF_NANOS_MIN;
    }
    raiseLogStart(order.logStart());
    effects.add(new Acknowledge());
  }

  /** Whether all that is here may go; if not, what is to be done instead is done. */
  private boolean hasStartedOver(Accepted accepted) {
    var order = accepted.order();
    var tail = accepted.tail();
    boolean isPurged = isPurged(order);
    if (isPurged && accepted.isCountedOn() && !tail.isEmpty()) {
      breakOff(countsOnThis(order)); // one of both images is old, and the copy may be the last
      return false;
    }
    var cut = new WantedCut(tail, firstNotShared(accepted), partsAt(accepted));
    // Forgotten deletions: the leader has all that was committed, so nothing is lost with this log.
    long committed = isPurged ? cut.from() : highWatermark;
    var verdict =
        tail.isEmpty() // what was committed in it was deleted, and is not lost now
            ? new CutVerdict.Cut()
            : rules.mayCut(self, accepted.losses(), committed, cut);
    switch (verdict) {
      case CutVerdict.Refuse() -> {
        halt(
            "Expected no cut below the high watermark %d, but the leader starts over at %d",
            highWatermark, order.from());
        return false;
      }
      case CutVerdict.Declare(var loss) -> {
        declare(loss, tail, Math.min(lostFrom(accepted, loss), tail.end()));
        return false;
      }
      case CutVerdict.Cut() -> {
        effects.add(new StartOver(order.from(), whyStartOver(order)));
        end = order.from();
        logStart = order.from();
        highWatermark = Math.min(highWatermark, end);
        return true;
      }
    }
  }

  private boolean isPurged(AcceptOrder order) {
    return order.forgotten().purgedBelow() > end;
  }

  /** From where on what this log holds is not in the leader's, or was declared lost of it. */
  private long firstNotShared(Accepted accepted) {
    return accepted.losses().thatMayHaveTakenOf(accepted.tail().log()).stream()
        .findFirst()
        .map(loss -> lostFrom(accepted, loss))
        .orElseGet(() -> notShared(accepted));
  }

  /**
   * From where on this loss may take something of a log that starts over. One that is fetched anew
   * for forgotten deletions fits, but for that. Of any other, what lies below the leader's first
   * batch may be lost as well, and not only deleted.
   */
  private long lostFrom(Accepted accepted, DeclaredLoss loss) {
    long from = Math.max(loss.from(), accepted.tail().start());
    return isPurged(accepted.order()) ? from : Math.min(notShared(accepted), from);
  }

  /** A log that fits parts from the leader's nowhere. */
  private long partsAt(Accepted accepted) {
    return isPurged(accepted.order()) ? accepted.tail().end() : notShared(accepted);
  }

  private static long notShared(Accepted accepted) {
    return Math.max(accepted.order().from(), accepted.tail().start());
  }

  private static Refused countsOnThis(AcceptOrder order) {
    return new Refused(
        ErrorCode.PARTITION_EPOCH_MISMATCH,
        "Expected to go on with a log that is counted on, but the leader starts over at %d for deletions below %d"
            .formatted(order.from(), order.forgotten().purgedBelow()));
  }

  private static CopyFrom copyFrom(Accepted accepted) {
    var order = accepted.order();
    var tail = accepted.tail();
    var leaders = order.forgotten();
    boolean isEmpty = order.startOver() || tail.isEmpty();
    long clean = leaders.cleanOnceCopied(tail.cleanBelow(), order.from(), isEmpty);
    return new CopyFrom(order.from(), new ForgottenDeletions(leaders.purgedBelow(), clean));
  }

  private String whyStartOver(AcceptOrder order) {
    return isPurged(order)
        ? "deletions below %d are gone at the leader".formatted(order.forgotten().purgedBelow())
        : "the leader's log starts at %d and shares nothing".formatted(order.from());
  }

  // ---- copy (step 9)

  private void onBatches(BatchesFrame frame) {
    if (phase instanceof Streaming) {
      effects.add(new Append(frame));
    } else {
      breakOff(unexpected("Batches"));
    }
  }

  private void onAppended(BatchesFrame frame, long newEnd) {
    end = newEnd;
    hasDiskRefused = false;
    backoffNanos = BACKOFF_NANOS_MIN;
    takeWatermark(frame.highWatermark(), frame.logStart());
    effects.add(new Grant(frame.batches().size()));
    effects.add(new Acknowledge());
  }

  private void takeWatermark(long received, long leaderLogStart) {
    if (!(phase instanceof Streaming)) {
      return;
    }
    raiseLogStart(leaderLogStart);
    advance(rules.followerWatermark(highWatermark, received, end));
  }

  private void raiseLogStart(long leaderLogStart) {
    long raised = Math.min(leaderLogStart, end);
    if (raised > logStart) {
      logStart = raised;
      effects.add(new RaiseLogStart(raised));
    }
    advance(Math.max(highWatermark, logStart));
  }

  private void advance(long to) {
    if (to > highWatermark) {
      highWatermark = to;
      effects.add(new AdvanceHighWatermark(to));
    }
  }

  // ---- when it does not work

  private void onRefused(Refused why) {
    if (why.code() == ErrorCode.CORRUPT_LOG) {
      halt("Expected the leader to accept, but %s", why);
      effects.add(new GiveUpLog(why));
      return;
    }
    effects.add(new Report(new PartitionEvent.SubscriptionRefused(Optional.empty(), why)));
    waitBeforeAsking();
  }

  private void onAppendRefused(Refused why) {
    hasDiskRefused = why.code() == ErrorCode.DISK_FULL || why.code() == ErrorCode.STORAGE_FAILED;
    breakOff(why);
  }

  private void breakOff(Refused why) {
    effects.add(new Unsubscribe());
    effects.add(new Report(new PartitionEvent.SubscriptionRefused(Optional.empty(), why)));
    waitBeforeAsking();
  }

  private void waitBeforeAsking() {
    if (phase instanceof Halted) {
      return;
    }
    phase = new Idle(nowNanos + backoffNanos);
    backoffNanos = Math.min(2 * backoffNanos, BACKOFF_NANOS_MAX);
  }

  private void halt(String format, Object... values) {
    var why = new Refused(ErrorCode.CORRUPT_LOG, format.formatted(values));
    phase = new Halted(why);
    effects.add(new Unsubscribe());
    effects.add(new Report(new FollowerHalted(why)));
  }

  private void onTick(long now) {
    nowNanos = now;
    if (phase instanceof Idle(long until) && now - until >= 0) {
      subscribe();
    }
  }

  private Refused unexpected(String message) {
    return new Refused(
        ErrorCode.INVALID_REQUEST, "Expected no %s while %s".formatted(message, phase));
  }

  // ---- what others ask

  public FollowerPhase phase() {
    return phase;
  }

  /** Whether its log is the leader's as far as it reaches, so that the leader may count on it. */
  public boolean isAccepted() {
    return phase instanceof Streaming;
  }

  /** Whether it waits for the leader, or for nothing, and not for time to pass. */
  public boolean isAtRest() {
    return !(phase instanceof Idle);
  }

  /** Whether it waits for so short a time that it wants to be told of it often. */
  public boolean isImpatient() {
    return phase instanceof Idle(long until) && until - nowNanos < SHORT_WAIT_NANOS;
  }

  public long highWatermark() {
    return highWatermark;
  }
}
