package dev.naru.log.recovery;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.Manifest;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.types.PartitionId;

/**
 * What is about to be set aside, for the manifest.
 *
 * @param why the same as the reason, with all that is known, for people
 * @param fromOffset its first offset
 * @param toOffset where it ends, exclusive, as far as that is known
 * @param epochs which epochs wrote it
 */
public record Finding(
    PartitionId partition,
    SetAsideReason reason,
    String why,
    long fromOffset,
    long toOffset,
    EpochHistory epochs,
    Keep keep) {

  /** What is kept for some time. */
  public Finding(
      PartitionId partition,
      SetAsideReason reason,
      String why,
      long fromOffset,
      long toOffset,
      EpochHistory epochs) {
    this(partition, reason, why, fromOffset, toOffset, epochs, Keep.FOR_A_TIME);
  }

  Manifest manifest(long nowMillis) {
    return new Manifest(
        partition, reason, why, fromOffset, toOffset, epochs.toText(), nowMillis, keep);
  }
}
