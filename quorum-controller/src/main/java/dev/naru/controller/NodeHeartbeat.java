package dev.naru.controller;

import dev.naru.metadata.liveness.TopicLoad;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.List;

/**
 * A sign of life, as a node sends it.
 *
 * @param loads what it leads and how much of it is written; empty between two measurements
 */
public record NodeHeartbeat(
    NodeId node, NodeEpoch epoch, long appliedIndex, boolean wantsShutdown, List<TopicLoad> loads) {

  /** Keeps its own copy. */
  public NodeHeartbeat {
    loads = List.copyOf(loads);
  }

  /** One that tells of no loads. */
  public NodeHeartbeat(NodeId node, NodeEpoch epoch, long appliedIndex, boolean wantsShutdown) {
    this(node, epoch, appliedIndex, wantsShutdown, List.of());
  }
}
