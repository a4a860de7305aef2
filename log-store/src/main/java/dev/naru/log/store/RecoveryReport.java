package dev.naru.log.store;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.StorageException;
import dev.naru.log.recovery.RecoveredLog;
import dev.naru.log.recovery.Recovery.Effort;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a start found in one data directory.
 *
 * @param logs the whole ones
 * @param damaged the others
 * @param warnings what a person should know, a sentence each
 * @param failure why the directory cannot be used at all, if so
 */
public record RecoveryReport(
    UUID directory,
    List<Log> logs,
    List<Damaged> damaged,
    List<String> warnings,
    Optional<StorageException> failure) {

  static RecoveryReport ofFailure(UUID directory, StorageException failure) {
    return new RecoveryReport(directory, List.of(), List.of(), List.of(), Optional.of(failure));
  }

  /**
   * One log.
   *
   * @param scannedBytes read because they lay above the durable point, and kept
   * @param cutBytes the torn tail
   * @param setAside where the torn tail is now
   */
  public record Log(
      PartitionId partition,
      long start,
      long end,
      long scannedBytes,
      long cutBytes,
      Optional<String> setAside) {

    static Log of(PartitionId partition, RecoveredLog log, Effort effort) {
      return new Log(
          partition,
          log.start(),
          log.active().state().end(),
          effort.scannedBytes(),
          effort.cutBytes(),
          effort.setAside());
    }
  }

  /** A damaged log, and where its bad segment is now. */
  public record Damaged(Damage damage, Optional<String> quarantine) {}
}
