package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.GroupTimers.Kind;
import dev.naru.broker.coordinator.GroupTimers.TimerKey;
import dev.naru.broker.coordinator.ShardInput.TargetComputed;
import dev.naru.broker.coordinator.Submitted.Denied;
import dev.naru.broker.coordinator.Submitted.Done;
import dev.naru.broker.coordinator.Submitted.NotWritten;
import dev.naru.broker.group.Cause;
import dev.naru.broker.group.ClassicPhase;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupCommand.CloseRound;
import dev.naru.broker.group.GroupCommand.Computed;
import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.broker.group.GroupHeader;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.Member;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.partition.TenantLog;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** What a coordinator does by itself: when time is up for a member or a group, or topics change. */
final class Rebalances {

  private final TenantLog log;
  private final GroupTable table;
  private final GroupCommands commands;
  private final GroupDeadlines deadlines;
  private final ShardPorts ports;
  private final Consumer<TimerKey> late;

  /** Groups whose topics are yet to be looked at, for the image of that index. */
  private final ArrayDeque<String> toLookAt = new ArrayDeque<>();

  private long topicsIndex = -1;
  private Cause causeOfLook = Cause.LOADED;

  /**
   * Of the groups of this table.
   *
   * @param late told of a member that has not given back in time what it was told to
   */
  Rebalances(
      TenantLog log,
      GroupTable table,
      GroupCommands commands,
      GroupDeadlines deadlines,
      ShardPorts ports,
      Consumer<TimerKey> late) {
    this.log = log;
    this.table = table;
    this.commands = commands;
    this.deadlines = deadlines;
    this.ports = ports;
    this.late = late;
  }

  // ---- time is up

  /** Does what is due. */
  void due(TimerKey key) {
    table
        .known(key.group())
        .ifPresent(slot -> {
          switch (key.kind()) {
            case SESSION -> expire(slot, key, causeOf(key));
            case REVOCATION -> late.accept(key);
            case LEAVE -> expireIfAway(slot, key);
            case TARGET -> retarget(slot);
            case ROUND -> closeRound(slot, key);
          }
        });
  }

  private static Optional<Member> memberOf(GroupSlot slot, TimerKey key) {
    return key.member().flatMap(slot.image()::member);
  }

  /** Whoever gives nothing back ends by its session, too; people are told why. */
  private Cause causeOf(TimerKey key) {
    return key.member().filter(member -> deadlines.isLate(key.group(), member)).isPresent()
        ? Cause.REVOCATION_TIMEOUT
        : Cause.SESSION_TIMEOUT;
  }

  private void expireIfAway(GroupSlot slot, TimerKey key) {
    if (memberOf(slot, key).filter(Member::isAway).isPresent()) {
      expire(slot, key, Cause.LEAVE_DELAY_OVER);
    }
  }

  private void expire(GroupSlot slot, TimerKey key, Cause cause) {
    memberOf(slot, key).ifPresent(member -> expire(slot, key, member.id(), cause));
  }

  private void expire(GroupSlot slot, TimerKey key, MemberId member, Cause cause) {
    var seen = slot.seen(ports.topics());
    slot.cause(cause);
    var command = new Expire(member, cause, seen, ports.wallMillis().getAsLong());
    switch (commands.submit(slot.group(), command)) {
      case Done _ -> {
        ports.notices().memberGone(slot.group(), member.toString(), textOf(cause));
      }
      case Denied _ -> {} // it is none any more
      case NotWritten _ -> deadlines.set(key, ShardLimits.RETRY);
    }
  }

  private void closeRound(GroupSlot slot, TimerKey key) {
    var image = slot.image();
    if (!image.isClassic() || deadlines.isSet(key)) {
      return; // another round has begun since it was due
    }
    var awaited = image.members().values().stream().filter(image::isAwaited).toList();
    if (!awaited.isEmpty()) { // the round ends when they have come, or their sessions are over
      awaited.forEach(
          member -> late.accept(TimerKey.of(Kind.REVOCATION, slot.group(), member.id())));
      return;
    }
    var command =
        new CloseRound(
            image.epoch(),
            GroupDeadlines.phase(image),
            slot.seen(ports.topics()),
            ports.wallMillis().getAsLong());
    if (commands.submit(slot.group(), command) instanceof NotWritten) {
      deadlines.set(key, ShardLimits.RETRY);
    }
  }

  // ---- targets

  private void retarget(GroupSlot slot) {
    if (slot.isComputing() || !slot.image().hasMembers()) {
      return;
    }
    switch (share(slot)) {
      case Done _ -> {}
      case Denied _ -> later(slot, ShardLimits.RETRY); // this node's image is behind the group's
      case NotWritten _ -> later(slot, ShardLimits.RETRY);
    }
  }

  private Submitted share(GroupSlot slot) {
    var seen = slot.seen(ports.topics());
    var retarget = new Retarget(slot.cause(), seen, Optional.empty());
    var submitted = commands.submit(slot.group(), retarget);
    if (submitted instanceof Done) {
      deadlines.targetTaken(slot);
      if (slot.image().isTargetDue() && !slot.isComputing()) {
        compute(slot, seen); // it is too much for the loop
      }
    }
    return submitted;
  }

  private void later(GroupSlot slot, Duration time) {
    deadlines.set(TimerKey.of(Kind.TARGET, slot.group()), time);
  }

  private void compute(GroupSlot slot, TopicsSeen seen) {
    slot.computing(true);
    ports.work().compute(log, slot.image(), seen);
  }

  /** A target has been computed, maybe for an interest that has changed since. */
  void computed(TargetComputed result) {
    var known = table.known(result.group());
    if (known.isEmpty() || !known.get().isComputing()) {
      return;
    }
    var slot = known.get();
    slot.computing(false);
    var seen = slot.seen(ports.topics());
    var computed = new Computed(result.target(), result.basedOn(), result.topics());
    switch (commands.submit(
        slot.group(), new Retarget(slot.cause(), seen, Optional.of(computed)))) {
      case Done _ -> {}
      case Denied(_, var why) -> {
        if (why.code() == ErrorCode.STALE_GROUP_EPOCH && slot.image().isTargetDue()) {
          deadlines.targetTaken(slot);
          compute(slot, seen);
        } else {
          later(slot, ShardLimits.LATER);
        }
      }
      case NotWritten _ -> later(slot, ShardLimits.RETRY);
    }
  }

  /** There was no room to compute it. */
  void putOff(String group) {
    table
        .known(group)
        .filter(GroupSlot::isComputing)
        .ifPresent(slot -> {
          slot.computing(false);
          later(slot, ShardLimits.RETRY);
        });
  }

  /**
   * If the image is another one: groups whose topics are as they were do nothing. A few groups at a
   * time, and beside the deadlines: nobody who is silent keeps partitions for longer because topics
   * come and go, and nothing that a group writes meanwhile makes it miss its turn.
   */
  void lookAtTopics() {
    if (toLookAt.isEmpty() && !beginToLook()) {
      return;
    }
    int changed = 0;
    for (int i = 0; i < ShardLimits.LOOK_MAX && changed < ShardLimits.DUE_MAX; i++) {
      var slot = Optional.ofNullable(toLookAt.peek()).flatMap(table::known);
      if (slot.isPresent() && isToBeShared(slot.get().image())) {
        slot.get().cause(causeOfLook);
        switch (share(slot.get())) {
          case Done done -> changed += done.isChange() ? 1 : 0;
          case Denied _ -> {} // this node's image is behind the group's: the next one is looked at
          case NotWritten _ -> {
            return; // the next tick goes on
          }
        }
      }
      toLookAt.poll();
    }
  }

  private boolean beginToLook() {
    long index = ports.topics().index();
    if (index == topicsIndex) {
      return false;
    }
    causeOfLook = topicsIndex < 0 ? Cause.LOADED : Cause.TOPICS_CHANGED;
    topicsIndex = index;
    for (var slot : table.all()) {
      if (slot.image().hasMembers()) {
        toLookAt.add(slot.group());
      }
    }
    return true;
  }

  /** A target that is due will be made of the topics there are then. */
  private static boolean isToBeShared(GroupImage image) {
    return image.hasMembers() && !image.isTargetDue();
  }

  // ---- for people

  /** Tells of a target that was made, or a round that is over. */
  void note(Written written) {
    var after = written.after();
    boolean isMade =
        after.isClassic()
            ? GroupDeadlines.phase(after) == ClassicPhase.STABLE
                && GroupDeadlines.phase(written.before()) != ClassicPhase.STABLE
            : after.hasMembers() && isTargetMade(written);
    if (isMade) {
      ports.notices().rebalanced(after.group(), after.epoch(), causeOf(written), movedBy(written));
    }
  }

  /** Whoever takes a place takes its target with it, which is no other one. */
  private static boolean isTargetMade(Written written) {
    if (written.command() instanceof GroupCommand.Join
        && written.events().stream().anyMatch(event -> event instanceof HoldingsGone)) {
      return false;
    }
    return targetEpoch(written.after()) > targetEpoch(written.before())
        || (written.command() instanceof Retarget && movedBy(written) > 0);
  }

  private static int targetEpoch(GroupImage image) {
    return image.header().map(GroupHeader::targetEpoch).orElse(0);
  }

  private static String causeOf(Written written) {
    return switch (written.command()) {
      case Retarget(var cause, _, _) -> textOf(cause);
      case Expire(_, var cause, _, _) -> textOf(cause);
      case GroupCommand.Join _ -> textOf(Cause.JOINED);
      case GroupCommand.Leave _ -> "left";
      case GroupCommand.Subscribe _ -> "subscription";
      case GroupCommand.Sync _, GroupCommand.CloseRound _ -> "round";
      case GroupCommand.Holding _,
          GroupCommand.Commit _,
          GroupCommand.Reset _,
          GroupCommand.DeleteOffsets _,
          GroupCommand.Delete _,
          GroupCommand.ForgetOffsets _,
          GroupCommand.ForgetTopics _ ->
          "other";
    };
  }

  private static String textOf(Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }

  private static int movedBy(Written written) {
    int moved = 0;
    for (var event : written.events()) {
      if (event instanceof HoldingsSet(var member, var holdings)) {
        var before = written.before().member(member);
        moved +=
            (int)
                holdings.target().stream()
                    .filter(one -> before.filter(old -> old.target().contains(one)).isEmpty())
                    .count();
      }
    }
    return moved;
  }
}
