package dev.naru.broker.partition;

/**
 * How many bytes of recent batches the partitions of one owner may keep in memory for followers
 * that have not taken them yet. What does not fit is read from the log again.
 */
public final class TailBudget {

  private final long bytesMax;
  private long bytesUsed;

  /** With room for so many bytes. */
  public TailBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  boolean tryTake(long bytes) {
    if (bytesUsed + bytes > bytesMax) {
      return false;
    }
    bytesUsed += bytes;
    return true;
  }

  void giveBack(long bytes) {
    bytesUsed -= bytes;
  }

  /** Bytes kept now, for the metric. */
  public long bytesUsed() {
    return bytesUsed;
  }
}
