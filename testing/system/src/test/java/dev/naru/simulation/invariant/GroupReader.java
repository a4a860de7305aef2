package dev.naru.simulation.invariant;

import dev.naru.broker.group.MemberId;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.Set;

/** A member of a group, as its own process sees it. */
public interface GroupReader {

  String group();

  MemberId id();

  /** Its {@code group.instance.id}. */
  Optional<String> instance();

  /** The topics that it wants to read. */
  Set<String> topics();

  /** Whether its process is there; it may stand still. */
  boolean isAlive();

  /** Whether it has the partition, and its lease goes on. */
  boolean isReading(PartitionId partition);

  /** What it reads, whether it has a lease or not. */
  Set<PartitionId> reads();
}
