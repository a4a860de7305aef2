package dev.naru.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of one batch, in order. Compressed ones are inflated when the reader is opened,
 * within a limit. Owned by one thread. Trusts nothing: whatever the bytes are, it ends with the
 * last record or with a {@link BatchRefusedException}.
 *
 * <p>Read either as an iterator, or, where millions a second are read, by {@link #advance} and the
 * fields of the record it stands at, for which no object is made.
 */
public final class RecordReader implements Iterator<Record> {

  private static final int ABSENT = -1;

  private final BatchHeader header;
  private final RecordCursor cursor;
  private final ByteBuffer bytes; // what the cursor walks, in an array
  private final boolean isAppendTime;
  private int readCount;
  private int lastDelta = -1;

  // Of the record it stands at. Lengths are ABSENT where there is none.
  private int recordFrom;
  private int timelessFrom;
  private int recordEnd;
  private long timestampDelta;
  private long timestamp;
  private int keyFrom;
  private int keyLength = ABSENT;
  private int valueFrom;
  private int valueLength = ABSENT;
  private List<RecordHeader> headers = List.of();

  private RecordReader(BatchHeader header, ByteBuffer bytes) {
    this.header = header;
    this.bytes = bytes;
    this.cursor = new RecordCursor(bytes);
    this.isAppendTime = header.timestampType() == TimestampType.LOG_APPEND_TIME;
  }

  /**
   * Opens the first batch of these bytes. Frame and checksum are the caller's to check.
   *
   * @throws BatchRefusedException if it does not inflate within the limit, or if the library for
   *     its compression is missing
   */
  public static RecordReader open(BatchBytes batch, InflationLimit limit) {
    var header = batch.header();
    if (header.recordCount() < 0) {
      throw BatchRefusedException.corrupt(
          "Expected a record count >= 0, but was " + header.recordCount());
    }
    var reader = new RecordReader(header, records(batch, header, limit));
    if (header.recordCount() == 0) { // compaction may leave nothing but the header
      reader.cursor.expectEnd();
    }
    return reader;
  }

  private static ByteBuffer records(BatchBytes batch, BatchHeader header, InflationLimit limit) {
    var compression =
        header
            .compression()
            .orElseThrow(() -> new BatchRefusedException(ClientRules.unknownCodec(header)));
    var stored =
        inArray(batch.buffer(), header.sizeInBytes())
            .limit(header.sizeInBytes())
            .position(BatchHeader.SIZE);
    return compression == Compression.NONE ? stored : compression.inflate(stored, limit);
  }

  /** The same bytes at the same places, copied only if they are in no array. */
  private static ByteBuffer inArray(ByteBuffer batch, int size) {
    if (batch.hasArray()) {
      return batch.duplicate();
    }
    byte[] copy = new byte[size];
    batch.get(0, copy);
    return ByteBuffer.wrap(copy);
  }

  /** The header of the batch. */
  public BatchHeader header() {
    return header;
  }

  @Override
  public boolean hasNext() {
    return readCount < header.recordCount();
  }

  /**
   * The next record.
   *
   * @throws BatchRefusedException if there is none where one should be, or something after the last
   */
  @Override
  public Record next() {
    if (!advance()) {
      throw new NoSuchElementException();
    }
    return new Record(
        offset(), timestamp, view(keyFrom, keyLength), view(valueFrom, valueLength), headers);
  }

  /**
   * Goes to the next record, whose fields may be asked for then; false after the last.
   *
   * @throws BatchRefusedException like {@link #next}
   */
  public boolean advance() {
    if (!hasNext()) {
      return false;
    }
    recordFrom = cursor.position();
    cursor.enterRecord();
    cursor.oneByte(); // attributes: none are defined
    timestampDelta = cursor.varlong();
    timelessFrom = cursor.position();
    timestamp = isAppendTime ? header.maxTimestamp() : header.baseTimestamp() + timestampDelta;
    readDelta();
    keyLength = cursor.length("a key", ABSENT);
    keyFrom = cursor.skip(keyLength);
    valueLength = cursor.length("a value", ABSENT);
    valueFrom = cursor.skip(valueLength);
    headers = readHeaders();
    cursor.leaveRecord();
    recordEnd = cursor.position();
    readCount++;
    if (!hasNext()) {
      cursor.expectEnd();
    }
    return true;
  }

  /** Offsets ascend, and may leave gaps where compaction took records out. */
  private void readDelta() {
    int delta = cursor.varint();
    if (delta <= lastDelta || delta > header.lastOffsetDelta()) {
      throw cursor.corrupt(
          "an offset delta above " + lastDelta + " and up to " + header.lastOffsetDelta(),
          "was " + delta);
    }
    lastDelta = delta;
  }

  private List<RecordHeader> readHeaders() {
    int count = cursor.headerCount();
    if (count == 0) {
      return List.of();
    }
    var read = new ArrayList<RecordHeader>(Math.min(count, BatchCheck.HEADERS_MAX));
    for (int i = 0; i < count; i++) {
      int nameLength = cursor.length("a header name", 0);
      int nameFrom = cursor.skip(nameLength);
      String name =
          new String(
              bytes.array(), bytes.arrayOffset() + nameFrom, nameLength, StandardCharsets.UTF_8);
      int length = cursor.length("a header value", ABSENT);
      read.add(new RecordHeader(name, view(cursor.skip(length), length)));
    }
    return read;
  }

  private Optional<ByteBuffer> view(int from, int length) {
    return length == ABSENT
        ? Optional.empty()
        : Optional.of(bytes.slice(from, length).asReadOnlyBuffer());
  }

  /** Offset of the record it stands at. */
  public long offset() {
    return header.baseOffset() + lastDelta;
  }

  /** Time of the record it stands at, by the clock that the batch's {@link TimestampType} names. */
  public long timestamp() {
    return timestamp;
  }

  /** What the decoder makes of the record's key; null without asking it if there is no key. */
  public <T> @Nullable T key(FieldDecoder<T> decoder) {
    return field(decoder, keyFrom, keyLength);
  }

  /** What the decoder makes of the record's value; null without asking it if there is no value. */
  public <T> @Nullable T value(FieldDecoder<T> decoder) {
    return field(decoder, valueFrom, valueLength);
  }

  private <T> @Nullable T field(FieldDecoder<T> decoder, int from, int length) {
    return length == ABSENT
        ? null
        : decoder.decode(bytes.array(), bytes.arrayOffset() + from, length);
  }

  /** Whether the record it stands at has a key. */
  public boolean hasKey() {
    return keyLength != ABSENT;
  }

  /** Whether the record it stands at has a value; without one it deletes its key. */
  public boolean hasValue() {
    return valueLength != ABSENT;
  }

  /** Writes the record it stands at as it is stored. */
  void copyTo(GrowingBytes target) {
    target.write(bytes.array(), bytes.arrayOffset() + recordFrom, recordEnd - recordFrom);
  }

  /** Writes the record it stands at with another distance from the batch's base timestamp. */
  void copyTo(GrowingBytes target, long newTimestampDelta) {
    int rest = recordEnd - timelessFrom; // all that follows the timestamp
    int length = 1 + Varint.size(newTimestampDelta) + rest;
    target.ensureRoom(Varint.BYTES_MAX + length);
    int at = Varint.write(target.array(), target.size(), length);
    target.array()[at++] = 0; // attributes: none are defined
    at = Varint.write(target.array(), at, newTimestampDelta);
    target.wrote(at - target.size());
    target.write(bytes.array(), bytes.arrayOffset() + timelessFrom, rest);
  }

  /** The distance of the record it stands at from the batch's base timestamp. */
  long timestampDelta() {
    return timestampDelta;
  }

  /** Headers of the record it stands at, in their order. */
  public List<RecordHeader> headers() {
    return headers;
  }
}
