package dev.naru.metadata.command;

import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Partitions are to move. All of it is refused if one of them cannot. Without effect if it is sent
 * twice.
 *
 * @param operation drawn by whoever asks: what the operation is known by
 * @param placements at most {@link MetadataCommand#ENTRIES_MAX}, each of another partition; moves
 *     begin in the order of the partitions, some at a time
 * @param bytesPerSecond what a leader sends at most to replicas that are new; empty: as the nodes
 *     are configured
 */
public record ReassignPartitions(
    UUID operation, List<Placement> placements, OptionalLong bytesPerSecond)
    implements MetadataCommand {

  /** Keeps its own copy of the placements. */
  public ReassignPartitions {
    placements = List.copyOf(placements);
  }
}
