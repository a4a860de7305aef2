package dev.naru.broker.replica;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;

/** The leader of a partition as this node's image has it: what a refused client should try next. */
public record KnownLeader(NodeId node, LeaderEpoch epoch) {}
