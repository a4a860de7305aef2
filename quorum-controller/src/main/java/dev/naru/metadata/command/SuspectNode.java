package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * A leader says of itself that it would have to leave itself alone in the ISRs of these partitions.
 * If they are so many that it is itself the likely cause, others lead what it leads; else nothing
 * happens, and it may propose what it would have.
 *
 * @param partitions at most {@link MetadataCommand#ENTRIES_MAX}
 */
public record SuspectNode(NodeId node, NodeEpoch epoch, List<PartitionId> partitions)
    implements MetadataCommand {

  /** Keeps its own copy of the partitions. */
  public SuspectNode {
    partitions = List.copyOf(partitions);
  }
}
