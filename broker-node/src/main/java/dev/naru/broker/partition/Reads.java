package dev.naru.broker.partition;

import dev.naru.broker.replica.SubscriptionId;
import dev.naru.log.LogView;
import dev.naru.types.PartitionId;

/** Reads from the log off the owner's thread, for followers that are behind. */
public interface Reads {

  /**
   * Reads whole batches from this offset on, about so many bytes but at least one batch, and hands
   * them in as {@link PartitionInput.ReadDone}, or nothing when that is too much to do now; a
   * failure becomes {@link PartitionInput.StorageFailed}. A subscription has at most one read under
   * way.
   */
  void read(
      PartitionId partition, SubscriptionId subscription, LogView log, long from, int bytesMax);
}
