package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.CommitAsked;
import dev.naru.broker.coordinator.ShardInput.DeleteAsked;
import dev.naru.broker.coordinator.ShardInput.DeleteOffsetsAsked;
import dev.naru.broker.coordinator.ShardInput.ForgetDue;
import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.ImagesAsked;
import dev.naru.broker.coordinator.ShardInput.OffsetsAnswer;
import dev.naru.broker.coordinator.ShardInput.OffsetsAsked;
import dev.naru.broker.coordinator.ShardInput.PageRead;
import dev.naru.broker.coordinator.ShardInput.PageUnreadable;
import dev.naru.broker.coordinator.ShardInput.RemoveAsked;
import dev.naru.broker.coordinator.ShardInput.ResetAsked;
import dev.naru.broker.coordinator.ShardInput.Says;
import dev.naru.broker.coordinator.ShardInput.StreamEnded;
import dev.naru.broker.coordinator.ShardInput.TargetComputed;
import dev.naru.broker.coordinator.ShardInput.TargetPutOff;
import dev.naru.broker.coordinator.ShardInput.WatchAsked;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.partition.Tenant;
import dev.naru.broker.partition.TenantInput;
import dev.naru.broker.partition.TenantLog;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * Coordinates the groups of one partition of {@code __consumer_offsets}, for one leader epoch of
 * it. First it loads what others wrote, and says so to everybody who asks meanwhile; it serves when
 * all of that is read and known to be committed. The package tells how a request is answered.
 *
 * <p>Owned by the partition's loop. It never waits: what takes long is done elsewhere and comes
 * back as an input.
 */
public final class GroupShard implements Tenant {

  private final TenantLog log;
  private final ShardPorts ports;
  private final GroupTable table = new GroupTable();
  private final Attendance attendance = new Attendance();
  private final WaitingReplies replies;
  private final OffsetsLog offsetsLog;
  private final UnwrittenAnswers unwritten;
  private final GroupDeadlines deadlines;
  private final Tellings tellings;
  private final GroupLoading loading;
  private final Forgetting forgetting;
  private final Rebalances rebalances;
  private final MemberDesk members;
  private final CallDesk calls;
  private Optional<Refused> unreadable = Optional.empty();
  private boolean isServing;
  private boolean isBusy;
  private long highWatermark;
  private long lastProofNanos;

  private GroupShard(
      TenantLog log, GroupMachine machine, ShardConfig config, ShardPorts ports, long nowNanos) {
    this.log = log;
    this.ports = ports;
    deadlines = new GroupDeadlines(config, nowNanos);
    replies = new WaitingReplies(deadlines::nowNanos);
    offsetsLog = new OffsetsLog(log, ports.format(), ports.wallMillis(), replies::isStuck);
    unwritten = new UnwrittenAnswers(ports.standing(), replies, deadlines);
    tellings = new Tellings(attendance, ports.topics(), ports.standing());
    loading = new GroupLoading(log, table, ports.work());
    var commands = new GroupCommands(machine, table, offsetsLog, this::written);
    forgetting = new Forgetting(table, commands, ports);
    members =
        new MemberDesk(
            table, commands, deadlines, attendance, tellings, replies, unwritten, ports, config);
    rebalances = new Rebalances(log, table, commands, deadlines, ports, members::late);
    calls = new CallDesk(table, commands, deadlines, replies, unwritten, ports);
    lastProofNanos = nowNanos - ShardLimits.PROOF_INTERVAL.toNanos();
  }

  /** Begins to load. */
  public static GroupShard begin(
      TenantLog log, GroupMachine machine, ShardConfig config, ShardPorts ports, long nowNanos) {
    var shard = new GroupShard(log, machine, config, ports, nowNanos);
    shard.loading.begin();
    return shard;
  }

  /** Whether it answers for its groups. */
  public boolean isServing() {
    return isServing;
  }

  @Override
  public void take(TenantInput input) {
    if (input instanceof ShardInput asked) {
      busy(() -> takeIn(asked));
    }
  }

  private void takeIn(ShardInput input) {
    switch (input) {
      case PageRead page -> loading.take(page);
      case PageUnreadable(var why) -> fail(why);
      case StreamEnded(var stream) -> members.ended(stream);
      case Says said -> members.says(said);
      case Attends _,
          CommitAsked _,
          OffsetsAsked _,
          DeleteAsked _,
          DeleteOffsetsAsked _,
          ResetAsked _,
          RemoveAsked _,
          ImagesAsked _,
          WatchAsked _,
          ForgetDue _,
          TargetComputed _,
          TargetPutOff _ ->
          whyNotServing().ifPresentOrElse(why -> refuse(input, why), () -> serve(input));
    }
  }

  private void serve(ShardInput input) {
    switch (input) {
      case Attends asked -> members.attends(asked);
      case CommitAsked asked -> calls.commit(asked);
      case OffsetsAsked asked -> calls.offsets(asked);
      case DeleteAsked asked -> calls.delete(asked);
      case DeleteOffsetsAsked asked -> calls.deleteOffsets(asked);
      case ResetAsked asked -> calls.reset(asked);
      case RemoveAsked asked -> calls.remove(asked);
      case ImagesAsked asked -> calls.images(asked);
      case WatchAsked asked -> calls.watch(asked);
      case ForgetDue(var retention) -> forgetting.begin(retention);
      case TargetComputed computed -> rebalances.computed(computed);
      case TargetPutOff(var group) -> rebalances.putOff(group);
      case PageRead _, PageUnreadable _, StreamEnded _, Says _ -> {} // served before it serves
    }
  }

  /** Tells whoever waits for an answer why there is none. */
  public static void refuse(ShardInput input, Refused why) {
    switch (input) {
      case Attends asked -> asked.stream().refuse(why);
      case Says said -> said.stream().refuse(why);
      case CommitAsked asked -> asked.answer().accept(new CommitAnswer.NotKept(why));
      case ResetAsked asked -> asked.answer().accept(new CommitAnswer.NotKept(why));
      case OffsetsAsked asked -> asked.answer().accept(new OffsetsAnswer.Unknown(why));
      case ImagesAsked asked -> asked.answer().accept(new ImagesAnswer.Unknown(why));
      case WatchAsked asked -> asked.answer().accept(new ImagesAnswer.Unknown(why));
      case DeleteAsked asked -> asked.done().accept(Optional.of(why));
      case DeleteOffsetsAsked asked -> asked.done().accept(Optional.of(why));
      case RemoveAsked asked -> asked.done().accept(Optional.of(why));
      case StreamEnded _,
          ForgetDue _,
          PageRead _,
          PageUnreadable _,
          TargetComputed _,
          TargetPutOff _ -> {}
    }
  }

  private Optional<Refused> whyNotServing() {
    if (isServing) {
      return Optional.empty();
    }
    return Optional.of(
        unreadable
            .map(why ->
                new Refused(
                    ErrorCode.COORDINATOR_NOT_AVAILABLE,
                    "Expected the log of this group to be readable, but: " + why.reason()))
            .orElseGet(() ->
                new Refused(
                    ErrorCode.COORDINATOR_LOADING,
                    "Expected the groups of %s to be loaded, but the new coordinator is still at it"
                        .formatted(log.id()))));
  }

  private void fail(Refused why) {
    if (!isServing && unreadable.isEmpty()) {
      unreadable = Optional.of(why);
      ports.notices().unreadable(log.id(), why);
    }
  }

  private void beginToServe() {
    boolean isKnown = loading.isDone() && highWatermark >= log.epochStart();
    if (isServing || unreadable.isPresent() || !isKnown) {
      return;
    }
    isServing = true;
    table.all().forEach(deadlines::begin);
    ports.notices().loaded(log.id(), table.all().size(), table.keys());
  }

  // ---- what is written and committed

  private void written(Written written) {
    deadlines.follow(written);
    rebalances.note(written);
    long hearings = tellings.hearings();
    long end = written.slot().end();
    replies.await(
        end,
        () -> {
          written.slot().commit(written.after(), end);
          tellings.proven(hearings);
          tellings.committed(written);
          table.forgetIfEmpty(written.slot());
        });
  }

  @Override
  public void committed(long reached) {
    highWatermark = Math.max(highWatermark, reached);
    if (!isBusy) {
      busy(() -> {});
    }
  }

  /** Does this, then all that it, or what was committed meanwhile, allows. */
  private void busy(Runnable work) {
    isBusy = true;
    try {
      work.run();
      beginToServe();
      while (replies.completeOne(highWatermark, tellings::reached)) {
        // each may have led to more
      }
      tellings.reached(highWatermark);
    } finally {
      isBusy = false;
    }
  }

  // ---- time

  @Override
  public void tick(long nowNanos) {
    deadlines.tick(nowNanos);
    busy(() -> {
      if (isServing) {
        deadlines.due().forEach(rebalances::due);
        rebalances.lookAtTopics();
        forgetting.tick();
        tellings.tick(table);
        replies.expire(nowNanos, late());
      } else {
        loading.tick();
      }
    });
  }

  private static Refused late() {
    return new Refused(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected it to be committed within %d s, but it is not yet"
            .formatted(ShardLimits.WAIT_MAX.toSeconds()));
  }

  @Override
  public void settle() {
    boolean isProofDue =
        tellings.needsProof()
            && deadlines.nowNanos() - lastProofNanos >= ShardLimits.PROOF_INTERVAL.toNanos();
    if (isServing && (isProofDue || unwritten.needBarrier())) {
      busy(this::writeBarrier);
    }
  }

  private void writeBarrier() {
    lastProofNanos = deadlines.nowNanos();
    long hearings = tellings.hearings();
    var why = offsetsLog.appendBarrier();
    if (why.isPresent()) {
      unwritten.refuseAll(
          new Refused(
              ErrorCode.COORDINATOR_NOT_AVAILABLE,
              "Expected to show that this node leads, but: " + why.get().reason()));
      return;
    }
    long end = offsetsLog.end();
    replies.await(end, () -> tellings.proven(hearings));
    unwritten.barrierAt(end);
  }

  @Override
  public boolean isAtRest() {
    return unreadable.isPresent()
        || (isServing
            && deadlines.isEmpty()
            && replies.isEmpty()
            && tellings.isEmpty()
            && forgetting.isDone()
            && !unwritten.needBarrier());
  }

  @Override
  public void resign(Refused why) {
    attendance.refuseAll(why);
    replies.refuseAll(why);
    unwritten.refuseAll(why);
    ports.notices().ended(log.id());
  }
}
