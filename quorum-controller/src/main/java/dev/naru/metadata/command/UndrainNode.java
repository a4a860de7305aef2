package dev.naru.metadata.command;

import dev.naru.types.NodeId;

/** A node is to lead and hold as much as others again. Ends operations that drain it. */
public record UndrainNode(NodeId node) implements MetadataCommand {}
