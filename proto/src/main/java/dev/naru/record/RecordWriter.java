package dev.naru.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records back to back, behind the place of a batch's header, into an array that grows. A
 * record is
 *
 * <pre>
 * length   attributes = 0 (one byte)   timestamp - base timestamp   offset - base offset
 * key length or -1   key   value length or -1   value
 * header count   then each: name length   name   value length or -1   value
 * </pre>
 *
 * where every number but the attributes is a {@link Varint}, and the length counts what follows it.
 *
 * <p>This is the hottest loop of a producer: nothing is allocated for a record without headers, and
 * an absent key or value is a null here.
 */
final class RecordWriter {

  private static final int FIXED_BYTES_MAX = 1 + Varint.LONG_BYTES_MAX + 5 * Varint.BYTES_MAX;
  private static final int ABSENT = -1;
  private static final byte[][] NO_NAMES = {};

  private final int firstBytes;
  private int bytesMax;
  private byte[] bytes = {};
  private int end = BatchHeader.SIZE;

  /** Takes an array of so many bytes at first and never a larger one than that. */
  RecordWriter(int firstBytes, int bytesMax) {
    this.firstBytes = firstBytes;
    this.bytesMax = bytesMax;
  }

  /** Writes into an array that is lent, and no other. */
  RecordWriter(byte[] lent) {
    this(0, lent.length);
    this.bytes = lent;
  }

  /** Goes on in another array that is lent, which begins with the same bytes. */
  void moveTo(byte[] lent) {
    bytes = lent;
    bytesMax = lent.length;
  }

  /** The most bytes that a record with such lengths can take. */
  static long sizeMaxOf(int keyBytes, int valueBytes, List<RecordHeader> headers) {
    long size = (long) FIXED_BYTES_MAX + keyBytes + valueBytes;
    for (var header : headers) {
      size += 2 * Varint.BYTES_MAX + 3L * header.name().length() + valueBytes(header);
    }
    return size;
  }

  /** Where the next record begins, counted from the batch's first byte. */
  int end() {
    return end;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Forgets the records, and the array too if it was given away. */
  void reset(boolean givenAway) {
    end = BatchHeader.SIZE;
    if (givenAway) {
      bytes = new byte[0];
    }
  }

  void append(
      long timestampDelta,
      int offsetDelta,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers) {
    int keyBytes = key == null ? ABSENT : key.length;
    int valueBytes = value == null ? ABSENT : value.length;
    byte[][] names = namesOf(headers);
    int at = begin(timestampDelta, offsetDelta, keyBytes, valueBytes, sizeOf(names, headers));
    at = Varint.write(bytes, at, keyBytes);
    if (key != null) {
      System.arraycopy(key, 0, bytes, at, keyBytes);
      at += keyBytes;
    }
    at = Varint.write(bytes, at, valueBytes);
    if (value != null) {
      System.arraycopy(value, 0, bytes, at, valueBytes);
      at += valueBytes;
    }
    end = putHeaders(at, names, headers);
  }

  void append(
      long timestampDelta,
      int offsetDelta,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<RecordHeader> headers) {
    int keyBytes = key == null ? ABSENT : key.remaining();
    int valueBytes = value == null ? ABSENT : value.remaining();
    byte[][] names = namesOf(headers);
    int at = begin(timestampDelta, offsetDelta, keyBytes, valueBytes, sizeOf(names, headers));
    at = put(at, key);
    at = put(at, value);
    end = putHeaders(at, names, headers);
  }

  /** Makes room for the record, writes what precedes the key and returns where that goes. */
  private int begin(
      long timestampDelta, int offsetDelta, int keyBytes, int valueBytes, long headersBytes) {
    long body =
        1
            + Varint.size(timestampDelta)
            + Varint.size(offsetDelta)
            + Varint.size(keyBytes)
            + (long) Math.max(keyBytes, 0)
            + Varint.size(valueBytes)
            + (long) Math.max(valueBytes, 0)
            + headersBytes;
    ensureRoom(Varint.BYTES_MAX + body);
    int at = Varint.write(bytes, end, (int) body);
    bytes[at++] = 0;
    at = Varint.write(bytes, at, timestampDelta);
    return Varint.write(bytes, at, offsetDelta);
  }

  private void ensureRoom(long wanted) {
    long needed = end + wanted;
    if (needed > bytes.length) {
      if (needed > bytesMax) {
        throw new IllegalArgumentException(
            "Expected a batch of at most " + bytesMax + " bytes, but it would be " + needed);
      }
      long larger = Math.max(Math.max(firstBytes, 2L * bytes.length), needed);
      bytes = Arrays.copyOf(bytes, (int) Math.min(larger, bytesMax));
    }
  }

  private int put(int at, @Nullable ByteBuffer value) {
    if (value == null) {
      return Varint.write(bytes, at, ABSENT);
    }
    int length = value.remaining();
    int start = Varint.write(bytes, at, length);
    value.get(value.position(), bytes, start, length);
    return start + length;
  }

  private int putHeaders(int start, byte[][] names, List<RecordHeader> headers) {
    int at = Varint.write(bytes, start, names.length);
    for (int i = 0; i < names.length; i++) {
      at = Varint.write(bytes, at, names[i].length);
      System.arraycopy(names[i], 0, bytes, at, names[i].length);
      at = put(at + names[i].length, headers.get(i).value().orElse(null));
    }
    return at;
  }

  private static byte[][] namesOf(List<RecordHeader> headers) {
    if (headers.isEmpty()) {
      return NO_NAMES;
    }
    byte[][] names = new byte[headers.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = headers.get(i).name().getBytes(StandardCharsets.UTF_8);
    }
    return names;
  }

  private static long sizeOf(byte[][] names, List<RecordHeader> headers) {
    long size = Varint.size(names.length);
    for (int i = 0; i < names.length; i++) {
      int valueBytes = valueBytes(headers.get(i));
      size += Varint.size(names[i].length) + names[i].length;
      size += Varint.size(valueBytes) + (long) Math.max(valueBytes, 0);
    }
    return size;
  }

  private static int valueBytes(RecordHeader header) {
    return header.value().isPresent() ? header.value().get().remaining() : ABSENT;
  }
}
