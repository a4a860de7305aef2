package dev.naru.broker.group;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.Optional;

/**
 * A place in a partition, of which somebody wants to know what lies behind it.
 *
 * @param offset of the first record that is not processed
 * @param epoch leader epoch of the last record before it, if that is known
 */
public record LagPosition(PartitionId partition, long offset, Optional<LeaderEpoch> epoch) {

  /** Where a group goes on. */
  public static LagPosition of(PartitionId partition, Committed committed) {
    return new LagPosition(partition, committed.offset(), committed.epoch());
  }
}
