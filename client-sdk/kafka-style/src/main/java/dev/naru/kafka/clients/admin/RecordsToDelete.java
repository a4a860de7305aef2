package dev.naru.kafka.clients.admin;

/** Which records of a partition to delete. */
public final class RecordsToDelete {

  private final long beforeOffset;

  private RecordsToDelete(long beforeOffset) {
    this.beforeOffset = beforeOffset;
  }

  /** Those before this offset; -1 means all that can be read. */
  public static RecordsToDelete beforeOffset(long offset) {
    return new RecordsToDelete(offset);
  }

  /** The first offset to keep; -1 means all that can be read go. */
  public long beforeOffset() {
    return beforeOffset;
  }

  @Override
  public String toString() {
    return "(beforeOffset = " + beforeOffset + ")";
  }
}
