package dev.naru.metadata.command;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;

/** Where the replicas of a partition are to be, the preferred leader first. */
public record Placement(PartitionId partition, List<NodeId> nodes) {

  /** Keeps its own copy of the nodes. */
  public Placement {
    nodes = List.copyOf(nodes);
  }
}
