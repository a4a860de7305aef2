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
 * @param mayExpire whether it may be deleted after some time; not what nobody could explain
 */
public record Finding(
    PartitionId partition,
    String why,
    long fromOffset,
    long toOffset,
    EpochHistory epochs,
    boolean mayExpire) {

  /** What may be deleted after some time. */
  public Finding(
      PartitionId partition, String why, long fromOffset, long toOffset, EpochHistory epochs) {
    this(partition, why, fromOffset, toOffset, epochs, true);
  }

  List<String> manifest(long nowMillis) {
    return List.of(
        "why " + why.replace('\n', ' '),
        "partition " + partition,
        "from-offset " + fromOffset,
        "to-offset " + toOffset,
        "epochs " + epochs.toText(),
        "time-millis " + nowMillis,
        "may-expire " + mayExpire);
  }
}
