package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/**
 * Takes a node out of every ISR and elects others in its place, however many partitions that are.
 */
public record FenceNode(NodeId node, NodeEpoch epoch, FenceCause cause)
    implements MetadataCommand {}
