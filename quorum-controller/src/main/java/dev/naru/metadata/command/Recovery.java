package dev.naru.metadata.command;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePSet;

/**
 * A leader for one partition that has nobody safe left.
 *
 * @param partitionEpoch the entry that the answers were given for
 * @param answers at most one of each replica
 * @param choice one of those who answered
 * @param shown what the operator saw who made the choice; empty if the topic's recovery mode chose
 * @param passedOver nodes that answered and have more than the choice, and were waited for in vain:
 *     what they have did not get to their disks
 */
public record Recovery(
    PartitionId partition,
    PartitionEpoch partitionEpoch,
    List<LogAnswer> answers,
    NodeId choice,
    Optional<ShownLoss> shown,
    TreePSet<NodeId> passedOver) {

  /** One for which nobody was waited for in vain. */
  public Recovery(
      PartitionId partition,
      PartitionEpoch partitionEpoch,
      List<LogAnswer> answers,
      NodeId choice,
      Optional<ShownLoss> shown) {
    this(partition, partitionEpoch, answers, choice, shown, TreePSet.empty());
  }

  /** Keeps its own copy of the answers. */
  public Recovery {
    answers = List.copyOf(answers);
  }
}
