package dev.naru.broker.partition;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What producers have written to a partition here, since it was opened. Written by the partition's
 * owner; any thread may read, and may see one of the two a moment before the other.
 */
public final class PartitionTraffic {

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong records = new AtomicLong();

  /** One writer, and nobody waits for what he reads: so a plain read and an opaque write. */
  void appended(int moreBytes, long moreRecords) {
    bytes.setOpaque(bytes.getPlain() + moreBytes);
    records.setOpaque(records.getPlain() + moreRecords);
  }

  /** Of batches, as they were sent. */
  public long bytes() {
    return bytes.getOpaque();
  }

  /** In these batches. */
  public long records() {
    return records.getOpaque();
  }
}
