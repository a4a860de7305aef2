package dev.naru.broker.partition;

import dev.naru.broker.replica.PartitionEvent;
import dev.naru.types.PartitionId;

/** Where a partition tells what an operator may want to know: logs, events, metrics. */
public interface Notices {

  /** This happened to the partition on this node. */
  void report(PartitionId partition, PartitionEvent event);
}
