package dev.naru.testing.files;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One batch, with its bytes; drawn in {@code docs/formats/record-batch.md}.
 *
 * @param base the first offset
 * @param last the last offset; compaction may have taken the records of any
 */
public record StoredBatch(long base, long last, int leaderEpoch, int records, ByteBuffer bytes) {

  static final int HEADER_BYTES = 61;

  private static final int LENGTH_AT = 8;
  private static final int BEFORE_LENGTH_COUNTS = 12;
  private static final int EPOCH_AT = 12;
  private static final int MAGIC_AT = 16;
  private static final int CHECKSUM_AT = 17;
  private static final int CHECKED_FROM = 21;
  private static final int ATTRIBUTES_AT = 21;
  private static final int CODEC_MASK = 7;
  private static final int LAST_DELTA_AT = 23;
  private static final int RECORDS_AT = 57;

  /** How many bytes the batch has whose header begins here. */
  static long size(ByteBuffer header, int at) {
    return (long) BEFORE_LENGTH_COUNTS + header.getInt(at + LENGTH_AT);
  }

  /** Of exactly these bytes, whose magic and checksum must be right. */
  static StoredBatch of(ByteBuffer bytes) {
    expect(bytes.get(MAGIC_AT) == 2, "magic 2", bytes);
    var checksum = new CRC32C();
    checksum.update(bytes.slice(CHECKED_FROM, bytes.capacity() - CHECKED_FROM));
    expect((int) checksum.getValue() == bytes.getInt(CHECKSUM_AT), "a sound checksum", bytes);
    long base = bytes.getLong(0);
    return new StoredBatch(
        base,
        base + bytes.getInt(LAST_DELTA_AT),
        bytes.getInt(EPOCH_AT),
        bytes.getInt(RECORDS_AT),
        bytes);
  }

  /** Its records, which must fill it, be as many as it says and lie within its offsets. */
  public List<StoredRecord> read() {
    expect((bytes.getShort(ATTRIBUTES_AT) & CODEC_MASK) == 0, "plain records", bytes);
    var body = bytes.slice(HEADER_BYTES, bytes.capacity() - HEADER_BYTES);
    var read = new ArrayList<StoredRecord>();
    try {
      while (body.hasRemaining()) {
        read.add(StoredRecord.next(base, body));
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new NotAsDrawnException("Expected whole records in the batch at offset " + base);
    }
    expect(read.size() == records, records + " records, not " + read.size() + ",", bytes);
    long expected = base;
    for (var each : read) {
      expect(each.offset() >= expected && each.offset() <= last, "rising offsets", bytes);
      expected = each.offset() + 1;
    }
    return read;
  }

  private static void expect(boolean holds, String what, ByteBuffer batch) {
    if (!holds) {
      throw new NotAsDrawnException(
          "Expected %s in the batch at offset %d".formatted(what, batch.getLong(0)));
    }
  }
}
