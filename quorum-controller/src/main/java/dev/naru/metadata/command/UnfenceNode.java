package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/** The active controller hears the node, and the node has applied its own registration. */
public record UnfenceNode(NodeId node, NodeEpoch epoch) implements MetadataCommand {}
