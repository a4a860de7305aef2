package dev.naru.testing.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.zip.CRC32C;

/** Plain batches as {@code docs/formats/record-batch.md} draws them. */
public final class BatchWriter {

  private static final int RECORD_BYTES_MAX = 64;

  private BatchWriter() {}

  /** A batch from the first of these offsets to the last one, with these values. */
  public static byte[] batch(int leaderEpoch, SortedMap<Long, byte[]> values) {
    return batch(values.firstKey(), values.lastKey(), leaderEpoch, values);
  }

  /** A batch of these offsets, with a record at some of them. */
  public static byte[] batch(
      long base, long last, int leaderEpoch, SortedMap<Long, byte[]> values) {
    int valueBytes = values.values().stream().mapToInt(value -> value.length).sum();
    var batch =
        ByteBuffer.allocate(
            StoredBatch.HEADER_BYTES + valueBytes + values.size() * RECORD_BYTES_MAX);
    batch.position(StoredBatch.HEADER_BYTES);
    values.forEach((offset, value) -> putRecord(batch, offset - base, value));
    batch.flip();
    batch.putLong(0, base).putInt(8, batch.limit() - 12).putInt(12, leaderEpoch).put(16, (byte) 2);
    batch.putInt(23, (int) (last - base)).putLong(43, -1).putShort(51, (short) -1).putInt(53, -1);
    batch.putInt(57, values.size());
    return sealed(batch);
  }

  private static byte[] sealed(ByteBuffer batch) {
    var checksum = new CRC32C();
    checksum.update(batch.slice(21, batch.limit() - 21));
    batch.putInt(17, (int) checksum.getValue());
    byte[] bytes = new byte[batch.limit()];
    batch.get(0, bytes);
    return bytes;
  }

  private static void putRecord(ByteBuffer to, long delta, byte[] value) {
    var record = ByteBuffer.allocate(value.length + RECORD_BYTES_MAX);
    record.put((byte) 0);
    putNumber(record, 0); // its time
    putNumber(record, delta);
    byte[] key = "key".getBytes(StandardCharsets.UTF_8);
    putNumber(record, key.length);
    record.put(key);
    putNumber(record, value.length);
    record.put(value);
    putNumber(record, 0); // headers
    record.flip();
    putNumber(to, record.remaining());
    to.put(record);
  }

  private static void putNumber(ByteBuffer to, long number) {
    long bits = (number << 1) ^ (number >> 63);
    while ((bits & ~0x7fL) != 0) {
      to.put((byte) ((bits & 0x7f) | 0x80));
      bits >>>= 7;
    }
    to.put((byte) bits);
  }
}
