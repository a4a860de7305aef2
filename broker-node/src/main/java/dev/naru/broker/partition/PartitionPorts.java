package dev.naru.broker.partition;

/** The outside world of the partitions of one owner. */
public record PartitionPorts(
    Links links,
    Replies replies,
    Forcing forcing,
    Reads reads,
    Proposals proposals,
    Notices notices,
    TailBudget tails,
    MovePace pace) {}
