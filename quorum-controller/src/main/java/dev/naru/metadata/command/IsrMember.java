package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/** A replica under the registration the leader saw it with: a later one is another process. */
public record IsrMember(NodeId node, NodeEpoch epoch) {}
