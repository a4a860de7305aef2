package dev.naru.testing.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A record as any program can read it that knows the format, which is drawn in {@code
 * docs/formats/record-batch.md}. Without a value it deletes its key.
 */
public record StoredRecord(
    long offset, Optional<ByteBuffer> keyBytes, Optional<ByteBuffer> valueBytes) {

  private static final int PAYLOAD_BITS = 7;
  private static final int PAYLOAD = 0x7f;
  private static final int MORE = 0x80;

  /** One whose key and value are text. */
  public static StoredRecord ofText(long offset, Optional<String> key, Optional<String> value) {
    return new StoredRecord(
        offset, key.map(StandardCharsets.UTF_8::encode), value.map(StandardCharsets.UTF_8::encode));
  }

  /** Reads the next record of a batch that begins at this offset. */
  static StoredRecord next(long baseOffset, ByteBuffer records) {
    int length = (int) number(records);
    var record = records.slice(records.position(), length);
    records.position(records.position() + length);
    record.get(); // attributes: none so far
    number(record); // its time
    long offset = baseOffset + number(record);
    var key = bytes(record);
    var value = bytes(record);
    return new StoredRecord(offset, key, value);
  }

  /** The key, which is text. */
  public Optional<String> key() {
    return keyBytes.map(StoredRecord::text);
  }

  /** The value, which is text. */
  public Optional<String> value() {
    return valueBytes.map(StoredRecord::text);
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static Optional<ByteBuffer> bytes(ByteBuffer record) {
    int length = (int) number(record);
    if (length < 0) {
      return Optional.empty();
    }
    var bytes = record.slice(record.position(), length);
    record.position(record.position() + length);
    return Optional.of(bytes);
  }

  /** Seven bits a byte, the lowest first; of the result, the lowest bit is the sign. */
  private static long number(ByteBuffer from) {
    long bits = 0;
    int shift = 0;
    int read;
    do {
      read = from.get();
      bits |= (long) (read & PAYLOAD) << shift;
      shift += PAYLOAD_BITS;
    } while ((read & MORE) != 0);
    return (bits >>> 1) ^ -(bits & 1);
  }
}
