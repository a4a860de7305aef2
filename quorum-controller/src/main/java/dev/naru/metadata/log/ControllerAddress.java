package dev.naru.metadata.log;

import dev.naru.types.HostPort;
import dev.naru.types.NodeId;

/** Where the active controller takes calls of other nodes. */
public record ControllerAddress(NodeId node, HostPort internal) {}
