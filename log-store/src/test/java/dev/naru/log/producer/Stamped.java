package dev.naru.log.producer;

import dev.naru.record.BatchHeader;

/** Headers of batches that carry a producer's numbers, for ledgers; there are no records. */
final class Stamped {

  private static final int LOG_APPEND_TIME = 0x08;
  private static final int BYTES = 100;

  private Stamped() {}

  /** A batch as its producer made it, which the log holds at this offset. */
  static BatchHeader batch(long id, int epoch, int sequence, int count, long offset, int crc) {
    return header(id, epoch, sequence, count, offset, crc, 0, count);
  }

  /** The same with the leader's time. */
  static BatchHeader stampedByLeader(
      long id, int epoch, int sequence, int count, long offset, int crc) {
    return header(id, epoch, sequence, count, offset, crc, LOG_APPEND_TIME, count);
  }

  /** What compaction has left of batches: so many records of so many numbers. */
  static BatchHeader compacted(
      long id, int epoch, int sequence, int count, long offset, int crc, int records) {
    return header(id, epoch, sequence, count, offset, crc, 0, records);
  }

  /** A batch without numbers. */
  static BatchHeader plain(int count, long offset) {
    return header(BatchHeader.NO_PRODUCER, -1, -1, count, offset, 1, 0, count);
  }

  private static BatchHeader header(
      long id,
      int epoch,
      int sequence,
      int count,
      long offset,
      int crc,
      int attributes,
      int records) {
    return new BatchHeader(
        offset,
        BYTES,
        1,
        BatchHeader.MAGIC,
        crc,
        (short) attributes,
        count - 1,
        0,
        0,
        id,
        (short) epoch,
        sequence,
        records);
  }
}
