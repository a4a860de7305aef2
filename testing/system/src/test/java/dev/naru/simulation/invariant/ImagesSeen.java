package dev.naru.simulation.invariant;

import dev.naru.broker.group.GroupImage;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * The answer to a question for all groups of a partition.
 *
 * @param askedAt how many steps had been taken when it was asked
 */
public record ImagesSeen(PartitionId partition, long askedAt, List<GroupImage> groups) {

  public ImagesSeen {
    groups = List.copyOf(groups);
  }
}
