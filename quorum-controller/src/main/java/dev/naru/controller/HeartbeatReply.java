package dev.naru.controller;

import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;

/** The answer to a sign of life. */
public sealed interface HeartbeatReply {

  /**
   * Heard.
   *
   * @param committedIndex an entry that is committed: an image that reaches it was current when the
   *     controller was last confirmed
   * @param fenced whether the node is fenced
   * @param mayShutDown whether a node that wants to stop leads nothing that another could lead
   * @param confirmedMillisAgo how long before this answer a majority of the voters confirmed the
   *     controller: what another has decided since, this one cannot know
   */
  record Heard(long committedIndex, boolean fenced, boolean mayShutDown, long confirmedMillisAgo)
      implements HeartbeatReply {}

  /**
   * Not heard: FENCED_NODE_EPOCH, and that process must stop; UNKNOWN_NODE_EPOCH, and it must
   * register; NOT_LEADER or METADATA_QUORUM_LOST, and it must look for the active controller.
   */
  record NotHeard(Refused why, Optional<NodeId> controller) implements HeartbeatReply {}
}
