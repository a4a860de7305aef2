package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.Submitted.Denied;
import dev.naru.broker.coordinator.Submitted.Done;
import dev.naru.broker.coordinator.Submitted.NotWritten;
import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.Decision.Refusal;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupMachine;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.function.Consumer;
import org.pcollections.TreePMap;

/** Decides commands, writes what they lead to, and lets the next one see it. */
final class GroupCommands {

  private final GroupMachine machine;
  private final GroupTable table;
  private final OffsetsLog log;
  private final Consumer<Written> written;

  /**
   * Commands for the groups of this table.
   *
   * @param written told of everything that was written, at once
   */
  GroupCommands(GroupMachine machine, GroupTable table, OffsetsLog log, Consumer<Written> written) {
    this.machine = machine;
    this.table = table;
    this.log = log;
    this.written = written;
  }

  /** One command, one batch. */
  Submitted submit(String group, GroupCommand command) {
    var slot = table.slot(group);
    return switch (machine.decide(slot.image(), command)) {
      case Refusal(var why) -> new Denied(slot.end(), why);
      case Accepted(var events, var refused) ->
          events.isEmpty()
              ? new Done(slot.end(), false, refused)
              : write(slot, command, events, refused);
    };
  }

  private Submitted write(
      GroupSlot slot,
      GroupCommand command,
      List<GroupEvent> events,
      TreePMap<PartitionId, Refused> refused) {
    var why = table.whyNoRoom(slot, events).or(() -> log.append(slot.group(), events));
    if (why.isPresent()) {
      return new NotWritten(told(why.get()));
    }
    var before = slot.image();
    long end = log.end();
    var after = table.write(slot, events, end);
    written.accept(new Written(slot, before, after, events, command));
    return new Done(end, true, refused);
  }

  /** Why the log is not written now is no matter of the client's; that it is too much, is. */
  private static Refused told(Refused why) {
    return why.code() == ErrorCode.LIMIT_EXCEEDED
        ? why
        : new Refused(
            ErrorCode.COORDINATOR_NOT_AVAILABLE,
            "Expected to write what this changes, but: " + why.reason());
  }
}
