package dev.naru.chaos;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A record as any program can read it that knows the format, which is drawn in {@code
 * docs/formats/record-batch.md}. Without a value it deletes its key.
 */
record StoredRecord(long offset, Optional<String> key, Optional<String> value) {

  private static final int PAYLOAD_BITS = 7;
  private static final int PAYLOAD = 0x7f;
  private static final int MORE = 0x80;

  /** Reads the next record of a batch that begins at this offset. */
  static StoredRecord next(long baseOffset, ByteBuffer records) {
    int length = (int) number(records);
    var record = records.slice(records.position(), length);
    records.position(records.position() + length);
    record.get(); // attributes: none so far
    number(record); // its time
    long offset = baseOffset + number(record);
    var key = text(record);
    var value = text(record);
    return new StoredRecord(offset, key, value);
  }

  private static Optional<String> text(ByteBuffer record) {
    int length = (int) number(record);
    if (length < 0) {
      return Optional.empty();
    }
    byte[] bytes = new byte[length];
    record.get(bytes);
    return Optional.of(new String(bytes, StandardCharsets.UTF_8));
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
