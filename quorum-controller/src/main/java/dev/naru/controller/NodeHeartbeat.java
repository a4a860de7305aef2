package dev.naru.controller;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;

/** A sign of life, as a node sends it. */
public record NodeHeartbeat(
    NodeId node, NodeEpoch epoch, long appliedIndex, boolean wantsShutdown) {}
