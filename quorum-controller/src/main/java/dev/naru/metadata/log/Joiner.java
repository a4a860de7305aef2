package dev.naru.metadata.log;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A node that asks to become a member of the quorum.
 *
 * @param knownEpoch the newest epoch that its directories remember: with one it was in the cluster
 *     before
 * @param directories the ids of its data directories; empty if it is of a release that does not
 *     tell them
 */
public record Joiner(QuorumMember member, Optional<NodeEpoch> knownEpoch, List<UUID> directories) {

  /** Copies the list. */
  public Joiner {
    directories = List.copyOf(directories);
  }

  /** Its id. */
  public NodeId node() {
    return member.node();
  }
}
