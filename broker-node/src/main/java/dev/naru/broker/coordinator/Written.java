package dev.naru.broker.coordinator;

import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupImage;
import java.util.List;

/** What a command has led to: it is in the log, and not committed yet. */
record Written(
    GroupSlot slot,
    GroupImage before,
    GroupImage after,
    List<GroupEvent> events,
    GroupCommand command) {}
