package dev.naru.broker.replica;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/** This node, under the epoch with which this very process is registered. */
public record LocalNode(NodeId id, NodeEpoch epoch) {}
