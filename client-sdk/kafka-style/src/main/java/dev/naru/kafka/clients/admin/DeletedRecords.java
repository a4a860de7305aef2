package dev.naru.kafka.clients.admin;

/** Where a partition begins now. */
public final class DeletedRecords {

  private final long lowWatermark;

  DeletedRecords(long lowWatermark) {
    this.lowWatermark = lowWatermark;
  }

  /** Its first offset. */
  public long lowWatermark() {
    return lowWatermark;
  }
}
