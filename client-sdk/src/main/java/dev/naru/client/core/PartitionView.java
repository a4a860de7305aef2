package dev.naru.client.core;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.Optional;

/** Who leads a partition, as far as this client knows. */
public record PartitionView(Optional<NodeId> leader, LeaderEpoch epoch) {

  /** The newer of two views of one partition; of equally new ones, the other. */
  PartitionView newerOf(PartitionView other) {
    return other.epoch.isBefore(epoch) ? this : other;
  }
}
