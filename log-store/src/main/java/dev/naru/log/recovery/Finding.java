package dev.naru.log.recovery;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.retention.Keep;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * What is about to be set aside, for the manifest.
 *
 * @param fromOffset its first offset
 * @param toOffset where it ends, exclusive, as far as that is known
 * @param epochs which epochs wrote it
 */
public record Finding(
    PartitionId partition,
    String why,
    long fromOffset,
    long toOffset,
    EpochHistory epochs,
    Keep keep) {

  /** What is kept for some time. */
  public Finding(
      PartitionId partition, String why, long fromOffset, long toOffset, EpochHistory epochs) {
    this(partition, why, fromOffset, toOffset, epochs, Keep.FOR_A_TIME);
  }

  List<String> manifest(long nowMillis) {
    return List.of(
        "why " + why.replace('\n', ' '),
        "partition " + partition,
        "from-offset " + fromOffset,
        "to-offset " + toOffset,
        "epochs " + epochs.toText(),
        "time-millis " + nowMillis,
        "keep " + keep.text());
  }
}
