package dev.naru.metadata.log;

import dev.naru.types.NodeId;
import java.util.Optional;

/**
 * Who is to vote in the metadata quorum, and who no more; at least one of them. With both, one
 * takes the place of the other in one step.
 *
 * @param isDryRun whether it is only to be said whether it can be
 */
public record VoterChange(Optional<NodeId> promoted, Optional<NodeId> demoted, boolean isDryRun) {

  /** Refuses a change of nothing, and of one node to both. */
  public VoterChange {
    if (promoted.isEmpty() && demoted.isEmpty()) {
      throw new IllegalArgumentException("Expected a node to promote or to demote, but was none");
    }
    if (promoted.equals(demoted)) {
      throw new IllegalArgumentException(
          "Expected to promote and to demote different nodes, but were both " + promoted);
    }
  }
}
