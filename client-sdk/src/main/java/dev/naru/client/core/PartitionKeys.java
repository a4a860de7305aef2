package dev.naru.client.core;

import dev.naru.types.PartitionId;
import java.util.List;

/**
 * The frequent keys of one partition, as one producer has seen them.
 *
 * @param windowMillis the time that was counted
 * @param records of the partition in that time, with any key or none
 * @param keys the most frequent first
 */
public record PartitionKeys(
    PartitionId partition, long windowMillis, long records, List<HotKeys.Counted> keys) {

  /** Keeps its own list. */
  public PartitionKeys {
    keys = List.copyOf(keys);
  }
}
