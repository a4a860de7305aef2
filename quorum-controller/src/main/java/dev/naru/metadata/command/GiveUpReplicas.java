package dev.naru.metadata.command;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * A running node can no longer vouch for some of its replicas: it leaves their ISRs, and others
 * lead.
 *
 * @param partitions at most {@link MetadataCommand#ENTRIES_MAX}
 */
public record GiveUpReplicas(
    NodeId node, NodeEpoch epoch, List<PartitionId> partitions, GiveUpCause cause)
    implements MetadataCommand {

  /** Keeps its own copy of the partitions. */
  public GiveUpReplicas {
    partitions = List.copyOf(partitions);
  }
}
