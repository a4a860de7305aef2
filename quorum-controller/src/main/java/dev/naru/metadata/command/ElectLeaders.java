package dev.naru.metadata.command;

import dev.naru.types.PartitionId;
import java.util.List;

/**
 * Elects leaders of these partitions where that is possible and changes something; leaves the
 * others.
 *
 * @param partitions at most {@link MetadataCommand#ENTRIES_MAX}
 */
public record ElectLeaders(List<PartitionId> partitions, ElectionKind kind)
    implements MetadataCommand {

  /** Keeps its own copy of the partitions. */
  public ElectLeaders {
    partitions = List.copyOf(partitions);
  }
}
