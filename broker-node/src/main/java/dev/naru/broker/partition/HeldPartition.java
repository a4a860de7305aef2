package dev.naru.broker.partition;

import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.AttemptGate;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.broker.replica.ReplicationConfig;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.log.ForceTicket;
import dev.naru.log.PartitionLog;
import dev.naru.log.retention.DropReason;
import dev.naru.metadata.image.Losses;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What this node keeps of a partition whatever its role: the log, the high watermark, the newest
 * assignment, the order of producers, and the view that other threads read.
 *
 * <p>Invariant: log.start() <= highWatermark <= log.end().
 */
final class HeldPartition {

  private final LocalNode self;
  private PartitionLog log; // another one when it has been repaired
  private final ReplicationConfig config;
  private final SafetyRules rules;
  private final PartitionPorts ports;
  private final Optional<Tenancy> tenancy;
  private final AttemptGate gate = new AttemptGate();
  private final PartitionTraffic traffic = new PartitionTraffic();
  private final FollowerLags lags = new FollowerLags();

  private Optional<PartitionAssignment> assignment = Optional.empty();
  private Optional<KnownLeader> leader = Optional.empty();
  private LeaderEpoch leaderEpoch = LeaderEpoch.ZERO;
  private PartitionRole role = PartitionRole.OFFLINE;
  private long epochStart;
  private boolean isBehind;
  private boolean isConfirmed;
  private long highWatermark;
  private long nowNanos;
  private long forceAskedEnd;
  private boolean hasOtherFiles; // than those that appends make

  /** Written by the owner, read by any thread. */
  private volatile PartitionView view;

  HeldPartition(
      LocalNode self,
      PartitionLog log,
      ReplicationConfig config,
      SafetyRules rules,
      PartitionPorts ports,
      Optional<Tenancy> tenancy,
      long nowNanos) {
    this.self = self;
    this.log = log;
    this.config = config;
    this.rules = rules;
    this.ports = ports;
    this.tenancy = tenancy;
    this.nowNanos = nowNanos;
    highWatermark = log.highWatermark();
    view = snapshot();
  }

  // ---- the view

  PartitionView view() {
    return view;
  }

  /** Lets other threads see the present state. Comes before any answer that tells of it. */
  void publish() {
    if (hasChanged()) {
      view = snapshot();
    }
  }

  private boolean hasChanged() {
    var old = view;
    return old.highWatermark() != highWatermark
        || old.log() != log.view()
        || old.isBehind() != isBehind
        || old.isConfirmed() != isConfirmed
        || old.producers() != log.producers().size()
        || old.role() != role
        || !old.leaderEpoch().equals(leaderEpoch)
        || !old.leader().equals(leader);
  }

  private PartitionView snapshot() {
    return new PartitionView(
        log.id(),
        role,
        leaderEpoch,
        leader,
        highWatermark,
        epochStart,
        isBehind,
        isConfirmed,
        log.view(),
        log.producers().size());
  }

  /** From now on this node is that to the partition; the epoch start tells only of a leader. */
  void enter(PartitionRole entered, long startOfEpoch) {
    role = entered;
    epochStart = startOfEpoch;
    isBehind = false;
    isConfirmed = false;
  }

  /** Whether the partition's tenant has yet to write what it knew when it began. */
  void noteBehind(boolean isSo) {
    if (isBehind != isSo) {
      isBehind = isSo;
      publish();
    }
  }

  /** Whether all that may lead next follow this node, which leads. */
  void noteConfirmed(boolean isSo) {
    if (isConfirmed != isSo) {
      isConfirmed = isSo;
      publish();
    }
  }

  // ---- what the image says

  Optional<PartitionAssignment> assignment() {
    return assignment;
  }

  void assign(PartitionAssignment newest) {
    assignment = Optional.of(newest);
    leader = newest.knownLeader();
    leaderEpoch = newest.leaderEpoch();
    log.configure(TopicLogs.configOf(newest.settings()));
    heed(newest.entry().losses());
  }

  /**
   * What is committed may end earlier than was thought, as long as this log has not been accepted
   * by a leader that came after the loss. What the leader said then was said of this log.
   */
  private void heed(Losses losses) {
    long lowered = rules.watermarkAfter(losses, log.agreed(), highWatermark);
    lowerHighWatermark(Math.max(log.start(), lowered));
  }

  /**
   * In this epoch the log leads, or is accepted by the leader: it is a part of the leader's log.
   */
  void agreed(LeaderEpoch epoch) {
    if (!log.agreed().equals(epoch)) {
      log.noteAgreed(epoch);
    }
  }

  LeaderEpoch leaderEpoch() {
    return leaderEpoch;
  }

  /** Goes on with what is intact of the log, and knows what it knew of it. */
  void repaired(PartitionLog intact) {
    intact.noteHighWatermark(highWatermark);
    intact.noteAgreed(log.agreed());
    log = intact;
    highWatermark = log.highWatermark();
    forceAskedEnd = log.durableEnd();
    assignment.ifPresent(this::assign);
    view = snapshot();
  }

  // ---- the log

  LogTail tail() {
    var last = log.lastBatch();
    return new LogTail(
        log.start(),
        log.end(),
        log.durableEnd(),
        last.map(batch -> new LeaderEpoch(batch.leaderEpoch())),
        last.filter(batch -> !batch.isCompacted())
            .map(batch -> OptionalInt.of(batch.crc()))
            .orElseGet(OptionalInt::empty),
        log.cleaning().cleanBelow());
  }

  LogStanding.Intact standing() {
    var tail = tail();
    return new LogStanding.Intact(tail, durableEpoch(tail), highWatermark);
  }

  private Optional<LeaderEpoch> durableEpoch(LogTail tail) {
    if (tail.durableEnd() == tail.end()) {
      return tail.lastEpoch();
    }
    return tail.durableEnd() > tail.start()
        ? log.epochs().epochAt(tail.durableEnd() - 1)
        : Optional.empty();
  }

  void advanceHighWatermark(long to) {
    highWatermark = to;
    log.noteHighWatermark(to);
  }

  /** What lies above is gone, or is no longer known to be committed. */
  void lowerHighWatermark(long to) {
    if (to < highWatermark) {
      advanceHighWatermark(to);
    }
  }

  /** Asks for a group commit up to the present end, unless one is under way that covers it. */
  void force() {
    if (log.durableEnd() < log.end() && forceAskedEnd < log.end()) {
      forceAskedEnd = log.end();
      ports.forcing().force(log.id(), log.prepareForce());
    }
  }

  /** The turn is over: what is to be forced although nothing was appended. */
  void settle() {
    if (hasOtherFiles) {
      hasOtherFiles = false;
      forceAskedEnd = log.end();
      ports.forcing().force(log.id(), log.prepareForce());
    }
  }

  long forced(ForceTicket ticket) {
    long durableEnd = log.forced(ticket);
    publish();
    return durableEnd;
  }

  /** Closes the active segment, if it is the one that is meant. */
  void roll(long base) {
    hasOtherFiles |= log.roll(base);
  }

  /** Lets the log begin later; what lies below goes once that is on record. */
  void raiseStart(long start, DropReason why) {
    if (log.raiseStart(start, why)) {
      hasOtherFiles = true;
      publish();
    }
  }

  /** Tickets from before a cut do not count for what is appended after it. */
  void wasCut() {
    forceAskedEnd = log.durableEnd();
  }

  // ---- answers to producers

  /** Why an earlier refusal keeps this request from being taken; empty if none does. */
  Optional<Refused> behindRefused(ProduceAsked asked) {
    return asked.acks() == Acks.NONE ? Optional.empty() : gate.whyNot(asked.key());
  }

  /** Refuses a request for which nothing was appended. */
  void refuse(ProduceKey key, Acks acks, Refused why) {
    refuse(key, acks, why, Replies.Appended.NO);
  }

  /** Refuses a request whose batch may be in the log, and may stay there. */
  void giveUp(ProduceKey key, Acks acks, Refused why) {
    refuse(key, acks, why, Replies.Appended.UNKNOWN);
  }

  /** Nobody who asked for no answer resends, so a refusal of his keeps nothing else out. */
  private void refuse(ProduceKey key, Acks acks, Refused why, Replies.Appended appended) {
    if (acks != Acks.NONE) {
      gate.refused(key, why);
      var another = leader.filter(known -> !known.node().equals(self.id()));
      ports.replies().refused(key, why, appended, another);
    }
  }

  void report(PartitionEvent event) {
    ports.notices().report(log.id(), event);
  }

  // ---- parts

  PartitionId id() {
    return log.id();
  }

  LocalNode self() {
    return self;
  }

  PartitionLog log() {
    return log;
  }

  ReplicationConfig config() {
    return config;
  }

  SafetyRules rules() {
    return rules;
  }

  PartitionPorts ports() {
    return ports;
  }

  /** Makes who lives with the partition while this node leads it. */
  Optional<Tenancy> tenancy() {
    return tenancy;
  }

  long highWatermark() {
    return highWatermark;
  }

  long nowNanos() {
    return nowNanos;
  }

  void tick(long now) {
    nowNanos = now;
  }

  PartitionTraffic traffic() {
    return traffic;
  }

  FollowerLags lags() {
    return lags;
  }
}
