package dev.naru.broker.partition;

import dev.naru.log.ForceTicket;
import dev.naru.types.PartitionId;

/** The group commit of the data directory that holds the partition. */
public interface Forcing {

  /**
   * Performs the ticket in the next round and hands it back as {@link PartitionInput.Forced}; a
   * failure becomes {@link PartitionInput.StorageFailed} for every partition of the directory. A
   * ticket whose round has not begun may be replaced by a newer one of the same partition, which
   * covers it.
   */
  void force(PartitionId partition, ForceTicket ticket);
}
