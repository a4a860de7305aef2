package dev.naru.metadata.command;

import java.util.List;

/**
 * Proposals for many partitions at once: after a restart there is one for each partition of a node,
 * and an entry of the log costs the same for one as for hundreds. Each is decided for itself, as if
 * it came alone; those that are refused have no effect, and the others do. Whoever wants to know
 * why one was refused sends it alone.
 *
 * @param proposals each for another partition; of several for one the first counts
 */
public record AlterPartitions(List<AlterPartition> proposals) implements MetadataCommand {

  /** Most of them: it keeps the command well below a MiB, whatever the replication factor. */
  public static final int PROPOSALS_MAX = 2_000;

  /** Keeps its own copy. */
  public AlterPartitions {
    proposals = List.copyOf(proposals);
  }
}
