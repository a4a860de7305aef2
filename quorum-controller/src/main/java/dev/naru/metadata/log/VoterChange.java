package dev.naru.metadata.log;

import dev.naru.types.NodeId;
import org.pcollections.TreePSet;

/**
 * Who is to vote in the metadata quorum, and who no more; at least one of them. What is asked for
 * together is done in one step wherever Raft allows it: so one takes the place of another.
 *
 * @param isDryRun whether it is only to be said whether it can be
 */
public record VoterChange(TreePSet<NodeId> promoted, TreePSet<NodeId> demoted, boolean isDryRun) {

  /** As many as can vote. */
  public static final int NODES_MAX = 5;

  /** Refuses a change of nothing, of too many, and of one node to both. */
  public VoterChange {
    if (promoted.isEmpty() && demoted.isEmpty()) {
      throw new IllegalArgumentException("Expected a node to promote or to demote, but was none");
    }
    if (promoted.size() > NODES_MAX || demoted.size() > NODES_MAX) {
      throw new IllegalArgumentException(
          "Expected at most %d nodes to promote and %d to demote, but were %d and %d"
              .formatted(NODES_MAX, NODES_MAX, promoted.size(), demoted.size()));
    }
    if (promoted.stream().anyMatch(demoted::contains)) {
      throw new IllegalArgumentException(
          "Expected to promote and to demote different nodes, but were %s and %s"
              .formatted(promoted, demoted));
    }
  }
}
