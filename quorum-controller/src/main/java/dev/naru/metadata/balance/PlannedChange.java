package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * What a plan does with one partition.
 *
 * @param epoch of the entry that it was made for
 * @param from where the replicas are, the preferred leader first
 * @param to where they are to be, as many
 * @param leader who leads it now
 * @param bytes that are copied by it, as far as known
 */
public record PlannedChange(
    PartitionId partition,
    PartitionEpoch epoch,
    List<NodeId> from,
    List<NodeId> to,
    Optional<NodeId> leader,
    long bytes,
    String why) {

  /** Copies the lists. */
  public PlannedChange {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }
}
