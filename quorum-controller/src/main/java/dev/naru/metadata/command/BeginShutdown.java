package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/**
 * A node wants to stop: it becomes ineligible, its leaderships move to other ISR members, and it
 * leaves every ISR that has other members.
 */
public record BeginShutdown(NodeId node, NodeEpoch epoch) implements MetadataCommand {}
