package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.GroupTimers.TimerKey;
import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ShardInput.Says;
import dev.naru.broker.coordinator.Submitted.Denied;
import dev.naru.broker.coordinator.Submitted.Done;
import dev.naru.broker.coordinator.Submitted.NotWritten;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.broker.group.GroupCommand.Leave;
import dev.naru.broker.group.GroupCommand.Subscribe;
import dev.naru.broker.group.GroupCommand.Sync;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.Member;
import dev.naru.broker.group.MemberId;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;

/** Takes what members say on their streams, and answers each once that is committed. */
final class MemberDesk {

  private final GroupTable table;
  private final GroupCommands commands;
  private final GroupDeadlines deadlines;
  private final Attendance attendance;
  private final Tellings tellings;
  private final WaitingReplies replies;
  private final UnwrittenAnswers unwritten;
  private final ShardPorts ports;
  private final ShardConfig config;

  MemberDesk(
      GroupTable table,
      GroupCommands commands,
      GroupDeadlines deadlines,
      Attendance attendance,
      Tellings tellings,
      WaitingReplies replies,
      UnwrittenAnswers unwritten,
      ShardPorts ports,
      ShardConfig config) {
    this.table = table;
    this.commands = commands;
    this.deadlines = deadlines;
    this.attendance = attendance;
    this.tellings = tellings;
    this.replies = replies;
    this.unwritten = unwritten;
    this.ports = ports;
    this.config = config;
  }

  /** A member comes. Nothing is done for one whose stream has broken since. */
  void attends(Attends asked) {
    if (!asked.stream().isOpen()) {
      return;
    }
    if (isOvertaken(asked)) {
      deny(asked.stream(), table.slot(asked.group()).end(), overtaken(asked));
      return;
    }
    long hearing = tellings.hear(); // before what follows is written, which then counts for it
    switch (commands.submit(asked.group(), join(asked))) {
      case Done(long end, boolean isChange, _) -> welcome(asked, hearing, end, isChange);
      case Denied(long end, var why) -> deny(asked.stream(), end, why);
      case NotWritten(var why) -> asked.stream().refuse(why);
    }
  }

  /** Its member has come once more since it sent this, and is here on that stream. */
  private boolean isOvertaken(Attends asked) {
    return attendance
        .of(asked.group(), asked.member())
        .filter(present -> present.attempt() > asked.attempt())
        .isPresent();
  }

  private static Refused overtaken(Attends asked) {
    return new Refused(
        ErrorCode.FENCED_MEMBER,
        "Expected the newest join of %s, but another one came before attempt %d"
            .formatted(asked.member(), asked.attempt()));
  }

  private void deny(MemberStream stream, long end, Refused why) {
    if (unwritten.isFull()) {
      stream.refuse(UnwrittenAnswers.tooMany());
    } else {
      unwritten.decided(end, () -> stream.refuse(why), stream::refuse);
    }
  }

  private Join join(Attends asked) {
    var slot = table.slot(asked.group());
    return new Join(
        asked.member(),
        asked.knownEpoch(),
        asked.attempt(),
        asked.protocol(),
        asked.profile(),
        asked.subscription(),
        asked.holding(),
        asked.offers(),
        isInstanceAttended(slot.image(), asked),
        slot.seen(ports.topics(), asked.subscription()),
        ports.wallMillis().getAsLong());
  }

  private boolean isInstanceAttended(GroupImage image, Attends asked) {
    return asked.profile().isStatic()
        && image.members().values().stream()
            .filter(member -> member.profile().instance().equals(asked.profile().instance()))
            .filter(member -> !member.id().equals(asked.member()))
            .anyMatch(member -> attendance.isAttended(asked.group(), member.id()));
  }

  /**
   * It is accepted when it is known that this node led when it came: by what its join has written,
   * or else, for a join that changes nothing, as any other answer that rests on the log alone.
   */
  private void welcome(Attends asked, long hearing, long end, boolean isChange) {
    var slot = table.slot(asked.group());
    if (deadlines.isLate(asked.group(), asked.member())) {
      deny(asked.stream(), end, tooLate(asked.member()));
      return;
    }
    var attendant =
        new Attendant(asked.stream(), asked.group(), asked.member(), asked.attempt(), end);
    attendance.of(asked.group(), asked.member()).ifPresent(tellings::forget);
    attendance.add(attendant);
    attendant.hear(asked.sequence(), hearing);
    slot.image().member(asked.member()).ifPresent(member -> deadlines.heard(asked.group(), member));
    Runnable accept = () -> tellings.tell(attendant, slot);
    if (isChange || tellings.isProven(hearing)) {
      replies.await(end, accept);
    } else if (unwritten.isFull()) {
      asked.stream().refuse(UnwrittenAnswers.tooMany());
    } else {
      unwritten.read(accept, asked.stream()::refuse);
    }
  }

  /**
   * A member has not given back in time what it was told to. It may still read it: until it hears
   * that it is out, or until its lease is over. So nothing is given to others before it comes back
   * with empty hands, or its session ends, as nothing prolongs its lease from here on.
   */
  void late(TimerKey key) {
    var slot = table.slot(key.group());
    key.member()
        .flatMap(slot.image()::member)
        .filter(member -> GroupDeadlines.owes(slot.image(), member))
        .ifPresent(member -> {
          deadlines.late(key.group(), member.id());
          attendance
              .of(key.group(), member.id())
              .ifPresent(present -> dismiss(present, slot.end(), tooLate(member.id())));
        });
  }

  private static Refused tooLate(MemberId member) {
    return new Refused(
        ErrorCode.FENCED_MEMBER,
        "Expected %s to give back in time what it was told to, but it has not".formatted(member));
  }

  /** A member says something. Whoever has been taken out says nothing any more. */
  void says(Says said) {
    var attendant = attendance.of(said.stream());
    var member = attendant.flatMap(one -> table.slot(one.group()).image().member(one.member()));
    if (member.isEmpty() || member.get().isAway()) {
      return; // it is told so once that is committed, and its lease must not be prolonged before
    }
    attendant.get().hear(said.sequence(), tellings.hear());
    deadlines.heard(attendant.get().group(), member.get());
    hear(attendant.get(), member.get(), said.message());
  }

  private void hear(Attendant attendant, Member member, FromMember message) {
    switch (message) {
      case FromMember.Heartbeat() -> tellings.acknowledge(attendant);
      case FromMember.Holds(int epoch, var partitions) ->
          submit(attendant, new Holding(member.id(), epoch, partitions));
      case FromMember.Subscribes(var topics) -> {
        var slot = table.slot(attendant.group());
        var seen = slot.seen(ports.topics(), topics);
        submit(attendant, new Subscribe(member.id(), topics, seen));
      }
      case FromMember.Syncs(int generation, var shares) ->
          sync(attendant, new Sync(member.id(), generation, shares));
      case FromMember.Leaves(boolean stays, var why) -> leave(attendant, member, stays, why);
    }
  }

  private void submit(Attendant attendant, GroupCommand command) {
    switch (commands.submit(attendant.group(), command)) {
      case Done _ -> tellings.acknowledge(attendant);
      case Denied(long end, var why) -> dismiss(attendant, end, why);
      case NotWritten(var why) -> giveUp(attendant, why);
    }
  }

  /** One that was overtaken by the next round is no fault: its sender is told of that round. */
  private void sync(Attendant attendant, Sync command) {
    switch (commands.submit(attendant.group(), command)) {
      case Done(long end, _, _) -> {
        tellings.acknowledge(attendant);
        attendant.told(Attendant.Told.NOTHING); // it asks to be told what it gets
        replies.await(end, () -> tellings.tell(attendant, table.slot(attendant.group())));
      }
      case Denied(long end, var why) -> {
        if (why.code() == ErrorCode.STALE_GROUP_EPOCH) {
          tellings.acknowledge(attendant);
        } else {
          dismiss(attendant, end, why);
        }
      }
      case NotWritten(var why) -> giveUp(attendant, why);
    }
  }

  /** It is nobody's stream from now on; what is said last waits until that is committed. */
  private void dismiss(Attendant attendant, long end, Refused why) {
    forget(attendant);
    deny(attendant.stream(), end, why);
  }

  /** Nothing has come of what it said: it says so once more, on another stream. */
  private void giveUp(Attendant attendant, Refused why) {
    forget(attendant);
    attendant.stream().refuse(why);
  }

  private void leave(Attendant attendant, Member member, boolean stays, String why) {
    boolean isAwaited =
        !stays
            && !member.profile().isStatic()
            && member.classic().isEmpty()
            && config.leaveDelay().isPositive();
    var group = attendant.group();
    var slot = table.slot(group);
    var seen = slot.seen(ports.topics());
    var command = new Leave(member.id(), stays || isAwaited, seen, ports.wallMillis().getAsLong());
    switch (commands.submit(group, command)) {
      case Done(long end, _, _) -> {
        if (stays || isAwaited) {
          keepPlace(group, member);
        }
        ports.notices().memberGone(group, member.id().toString(), "left: " + why);
        forget(attendant);
        var stream = attendant.stream(); // is nobody's by now: who leaves is told in any case
        long deadline = deadlines.in(ShardLimits.WAIT_MAX);
        replies.await(end, stream::complete, stream::refuse, deadline);
      }
      case Denied(long end, var refused) -> dismiss(attendant, end, refused);
      case NotWritten(var refused) -> giveUp(attendant, refused);
    }
  }

  /** A static member may be away for a session, another one as long as this node is set to. */
  private void keepPlace(String group, Member member) {
    if (!member.profile().isStatic()) {
      deadlines.left(group, member.id());
    }
  }

  /** A member's stream has broken: its session goes on. */
  void ended(MemberStream stream) {
    attendance.of(stream).ifPresent(this::forget);
  }

  private void forget(Attendant attendant) {
    attendance.remove(attendant);
    tellings.forget(attendant);
  }
}
