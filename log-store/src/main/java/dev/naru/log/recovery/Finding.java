package dev.naru.log.recovery;

import dev.naru.log.epoch.EpochHistory;
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
    PartitionId partition, String why, long fromOffset, long toOffset, EpochHistory epochs) {

  List<String> manifest(long nowMillis) {
    return List.of(
        "why " + why.replace('\n', ' '),
        "partition " + partition,
        "from-offset " + fromOffset,
        "to-offset " + toOffset,
        "epochs " + epochs.toText(),
        "time-millis " + nowMillis);
  }
}
