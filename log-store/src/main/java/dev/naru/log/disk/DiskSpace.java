package dev.naru.log.disk;

/**
 * How full a file system is, in bytes.
 *
 * @param usableBytes what may still be written
 * @param totalBytes these and what is in use; what nobody here may write does not count
 */
public record DiskSpace(long usableBytes, long totalBytes) {

  /** With so many bytes more in use. */
  public DiskSpace minus(long bytes) {
    return new DiskSpace(usableBytes - bytes, totalBytes);
  }

  /** From 0, empty, to 1, full. */
  public double usedRatio() {
    return totalBytes <= 0 ? 0 : 1 - (double) usableBytes / totalBytes;
  }
}
