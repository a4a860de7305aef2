package dev.naru.metadata.ratis;

import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;

/**
 * How far a change of voters has come that takes more than one step. From one voter to three there
 * are two for a while, of which neither may fail: worse than before, and no place to stop.
 *
 * @param before the nodes that voted when it began
 * @param now those that vote now; none if that is not known, as of a server that has closed
 */
record VoterSteps(List<NodeId> before, List<NodeId> now) {

  /** Whether it must go on although nobody waits for it any more. */
  boolean areHalfway() {
    return !now.isEmpty() && !now.equals(before) && now.size() % 2 == 0;
  }

  /** What whoever asked is told if this is why it does not go on. */
  Refused told(VoterChange change, Refused why) {
    var missing = change.promoted().stream().filter(node -> !now.contains(node)).toList();
    if (now.isEmpty() || now.equals(before) || missing.isEmpty()) {
      return why;
    }
    return new Refused(
        why.code().isRetriable() ? why.code() : ErrorCode.REQUEST_TIMEOUT,
        "Expected %s to vote, too, but only a part of the change is made: the voters are %s now%s. It stopped there, because: %s. Mend that, and ask for the same once more: what is so stays so"
            .formatted(
                missing, now, now.size() % 2 == 0 ? ", and neither may fail" : "", why.reason()));
  }
}
