package dev.naru.metadata.balance;

/**
 * How full the data directories of a node are, all together.
 *
 * @param usedBytes by logs and by whatever else is on their file systems
 * @param totalBytes above 0
 */
public record DiskUse(long usedBytes, long totalBytes) {

  /** Refuses a disk of no size. */
  public DiskUse {
    if (usedBytes < 0 || totalBytes <= 0) {
      throw new IllegalArgumentException(
          "Expected used bytes >= 0 of more than 0, but were " + usedBytes + " of " + totalBytes);
    }
  }
}
