package dev.naru.log.store;

/** Hears how far a start has come. Called by several threads, one for each data directory. */
@FunctionalInterface
public interface RecoveryListener {

  /** For who does not want to know. */
  RecoveryListener NONE = progress -> {};

  /**
   * How far one data directory is.
   *
   * @param location of the directory
   * @param done logs that have been recovered, whole or damaged
   * @param total logs that there are
   * @param scannedBytes read of these logs, because they lay above the durable points
   */
  record Progress(String location, int done, int total, long scannedBytes) {}

  /** One more log has been recovered, or their number is known now. */
  void recovered(Progress progress);
}
