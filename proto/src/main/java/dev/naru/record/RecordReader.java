package dev.naru.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The records of one batch, in order. Compressed ones are inflated when the reader is opened,
 * within a limit. Owned by one thread. Trusts nothing: whatever the bytes are, it ends with the
 * last record or with a {@link BatchRefusedException}.
 */
public final class RecordReader implements Iterator<Record> {

  private final BatchHeader header;
  private final RecordCursor cursor;
  private int readCount;
  private int lastDelta = -1;

  private RecordReader(BatchHeader header, RecordCursor cursor) {
    this.header = header;
    this.cursor = cursor;
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
    var records = new RecordCursor(records(batch, header, limit));
    if (header.recordCount() == 0) { // compaction may leave nothing but the header
      records.expectEnd();
    }
    return new RecordReader(header, records);
  }

  private static ByteBuffer records(BatchBytes batch, BatchHeader header, InflationLimit limit) {
    var compression =
        header
            .compression()
            .orElseThrow(() -> new BatchRefusedException(ClientRules.unknownCodec(header)));
    var stored = batch.asByteBuffer().limit(header.sizeInBytes()).position(BatchHeader.SIZE);
    return compression == Compression.NONE
        ? stored
        : compression.inflate(stored, limit).asReadOnlyBuffer();
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
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    cursor.enterRecord();
    Record read = read();
    cursor.leaveRecord();
    readCount++;
    if (!hasNext()) {
      cursor.expectEnd();
    }
    return read;
  }

  private Record read() {
    cursor.oneByte(); // attributes: none are defined
    long timestamp = header.baseTimestamp() + cursor.varlong();
    return new Record(
        offset(),
        header.timestampType() == TimestampType.CREATE_TIME ? timestamp : header.maxTimestamp(),
        view("a key"),
        view("a value"),
        headers());
  }

  /** Offsets ascend, and may leave gaps where compaction took records out. */
  private long offset() {
    int delta = cursor.varint();
    if (delta <= lastDelta || delta > header.lastOffsetDelta()) {
      throw cursor.corrupt(
          "an offset delta above " + lastDelta + " and up to " + header.lastOffsetDelta(),
          "was " + delta);
    }
    lastDelta = delta;
    return header.baseOffset() + delta;
  }

  private Optional<ByteBuffer> view(String what) {
    int length = cursor.length(what, -1);
    return length < 0 ? Optional.empty() : Optional.of(cursor.take(length));
  }

  private List<RecordHeader> headers() {
    int count = cursor.headerCount();
    if (count == 0) {
      return List.of();
    }
    var headers = new ArrayList<RecordHeader>(Math.min(count, BatchCheck.HEADERS_MAX));
    for (int i = 0; i < count; i++) {
      ByteBuffer name = cursor.take(cursor.length("a header name", 0));
      headers.add(
          new RecordHeader(StandardCharsets.UTF_8.decode(name).toString(), view("a header value")));
    }
    return headers;
  }
}
