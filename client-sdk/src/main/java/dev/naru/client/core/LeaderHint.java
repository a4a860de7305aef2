package dev.naru.client.core;

import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;

/** The leader that a refusing node named. */
public record LeaderHint(NodeId node, LeaderEpoch epoch, HostPort address) {}
