package dev.naru.controller;

import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;

/** The answer to a sign of life. */
public sealed interface HeartbeatReply {

  /**
   * Heard.
   *
   * @param committedIndex an entry that is committed: an image that reaches it is current
   * @param fenced whether the node is fenced
   * @param mayShutDown whether a node that wants to stop leads nothing that another could lead
   */
  record Heard(long committedIndex, boolean fenced, boolean mayShutDown)
      implements HeartbeatReply {}

  /**
   * Not heard: FENCED_NODE_EPOCH, and that process must stop; UNKNOWN_NODE_EPOCH, and it must
   * register; NOT_LEADER or METADATA_QUORUM_LOST, and it must look for the active controller.
   */
  record NotHeard(Refused why, Optional<NodeId> controller) implements HeartbeatReply {}
}
