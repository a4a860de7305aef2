package dev.naru.broker.coordinator;

import dev.naru.broker.group.GroupEvent;

/** What happened to which group. */
public record GroupChange(String group, GroupEvent event) {}
