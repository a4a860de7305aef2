package dev.naru.record;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The first 61 bytes of a batch, big-endian:
 *
 * <pre>
 *  0 base offset        8 batch length (of what follows this field)    12 leader epoch     16 magic
 * 17 CRC-32C           21 attributes    23 last offset delta           27 base timestamp   35 max timestamp
 * 43 producer id       51 producer epoch               53 base sequence               57 record count
 * </pre>
 *
 * The checksum covers everything from the attributes to the end, so base offset and leader epoch
 * can be written by the leader without touching it. A header is what the bytes say and may be
 * nonsense until {@link BatchCheck} has passed them.
 */
public record BatchHeader(
    long baseOffset,
    int batchLength,
    int leaderEpoch,
    byte magic,
    int crc,
    short attributes,
    int lastOffsetDelta,
    long baseTimestamp,
    long maxTimestamp,
    long producerId,
    short producerEpoch,
    int baseSequence,
    int recordCount) {

  /** Bytes of the header; the records follow. */
  public static final int SIZE = 61;

  /** The only format there is. */
  public static final byte MAGIC = 2;

  /** Producer id, epoch and sequence of a batch without a producer's state. */
  public static final int NO_PRODUCER = -1;

  /** Leader epoch of a batch that no leader has stamped. */
  public static final int NO_LEADER_EPOCH = -1;

  static final int BASE_OFFSET = 0;
  static final int BATCH_LENGTH = 8;
  static final int LEADER_EPOCH = 12;
  static final int MAGIC_BYTE = 16;
  static final int CRC = 17;
  static final int ATTRIBUTES = 21;
  static final int LAST_OFFSET_DELTA = 23;
  static final int BASE_TIMESTAMP = 27;
  static final int MAX_TIMESTAMP = 35;
  static final int PRODUCER_ID = 43;
  static final int PRODUCER_EPOCH = 51;
  static final int BASE_SEQUENCE = 53;
  static final int RECORD_COUNT = 57;

  /** What precedes the batch length and its own four bytes. */
  static final int BYTES_BEFORE_LENGTH_COUNTS = 12;

  static final int COMPRESSION_BITS = 0x07;
  static final int LOG_APPEND_TIME_BIT = 0x08;
  static final int TRANSACTIONAL_BIT = 0x10;
  static final int CONTROL_BIT = 0x20;
  static final int DELETE_HORIZON_BIT = 0x40;

  /** Reads 61 bytes at an absolute position; the buffer's own position stays. */
  public static BatchHeader read(ByteBuffer from, int position) {
    return new BatchHeader(
        from.getLong(position + BASE_OFFSET),
        from.getInt(position + BATCH_LENGTH),
        from.getInt(position + LEADER_EPOCH),
        from.get(position + MAGIC_BYTE),
        from.getInt(position + CRC),
        from.getShort(position + ATTRIBUTES),
        from.getInt(position + LAST_OFFSET_DELTA),
        from.getLong(position + BASE_TIMESTAMP),
        from.getLong(position + MAX_TIMESTAMP),
        from.getLong(position + PRODUCER_ID),
        from.getShort(position + PRODUCER_EPOCH),
        from.getInt(position + BASE_SEQUENCE),
        from.getInt(position + RECORD_COUNT));
  }

  /** Writes 61 bytes at an absolute position; the buffer's own position stays. */
  void write(ByteBuffer to, int position) {
    to.putLong(position + BASE_OFFSET, baseOffset);
    to.putInt(position + BATCH_LENGTH, batchLength);
    to.putInt(position + LEADER_EPOCH, leaderEpoch);
    to.put(position + MAGIC_BYTE, magic);
    to.putInt(position + CRC, crc);
    to.putShort(position + ATTRIBUTES, attributes);
    to.putInt(position + LAST_OFFSET_DELTA, lastOffsetDelta);
    to.putLong(position + BASE_TIMESTAMP, baseTimestamp);
    to.putLong(position + MAX_TIMESTAMP, maxTimestamp);
    to.putLong(position + PRODUCER_ID, producerId);
    to.putShort(position + PRODUCER_EPOCH, producerEpoch);
    to.putInt(position + BASE_SEQUENCE, baseSequence);
    to.putInt(position + RECORD_COUNT, recordCount);
  }

  /** Bytes of the whole batch. Below {@link #SIZE}, also negative, when the header is damaged. */
  public int sizeInBytes() {
    return batchLength + BYTES_BEFORE_LENGTH_COUNTS;
  }

  /** Offset of the last record. */
  public long lastOffset() {
    return baseOffset + lastOffsetDelta;
  }

  /** The offset that follows the batch. */
  public long nextOffset() {
    return lastOffset() + 1;
  }

  /** How the records are compressed; empty for a codec that this release does not know. */
  public Optional<Compression> compression() {
    return Compression.ofId(attributes & COMPRESSION_BITS);
  }

  /** Whose clock stamped the records. */
  public TimestampType timestampType() {
    return (attributes & LOG_APPEND_TIME_BIT) == 0
        ? TimestampType.CREATE_TIME
        : TimestampType.LOG_APPEND_TIME;
  }

  /** Whether the records belong to a transaction. */
  public boolean isTransactional() {
    return (attributes & TRANSACTIONAL_BIT) != 0;
  }

  /** Whether it holds markers of the brokers instead of records. */
  public boolean isControl() {
    return (attributes & CONTROL_BIT) != 0;
  }

  /**
   * From when on its deletions may be forgotten, in milliseconds of the epoch; compaction writes
   * that in place of the base timestamp when it first meets them (KIP-534).
   */
  public OptionalLong deleteHorizon() {
    return (attributes & DELETE_HORIZON_BIT) == 0
        ? OptionalLong.empty()
        : OptionalLong.of(baseTimestamp);
  }

  /**
   * Whether compaction has changed it: took records out, or noted until when its deletions are
   * kept. It is then no longer byte for byte what its leader wrote, and another at each replica.
   */
  public boolean isCompacted() {
    return recordCount <= lastOffsetDelta || deleteHorizon().isPresent();
  }

  /** Whether compaction left nothing of it but the header. */
  public boolean isHeaderOnly() {
    return recordCount == 0;
  }

  /** Whether it carries the number of a producer, which makes duplicates recognisable. */
  public boolean hasProducer() {
    return producerId != NO_PRODUCER;
  }
}
