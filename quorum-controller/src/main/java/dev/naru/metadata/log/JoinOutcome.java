package dev.naru.metadata.log;

import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;

/** What became of the wish to join the quorum. */
public sealed interface JoinOutcome {

  /** It is a member, by this call or an earlier one. */
  record Member() implements JoinOutcome {}

  /**
   * It is not; a code that may be retried says that another call may succeed.
   *
   * @param controller the node to ask instead, when one is known
   */
  record NotMember(Refused why, Optional<NodeId> controller) implements JoinOutcome {}
}
