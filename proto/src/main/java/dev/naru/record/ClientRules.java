package dev.naru.record;

import static dev.naru.record.BatchCheck.refuse;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/** The rules for a batch that comes from a client, one method a subject. */
final class ClientRules {

  private static final int KNOWN_BITS =
      BatchHeader.COMPRESSION_BITS
          | BatchHeader.LOG_APPEND_TIME_BIT
          | BatchHeader.TRANSACTIONAL_BIT
          | BatchHeader.CONTROL_BIT;

  private ClientRules() {}

  static Optional<Refused> attributes(BatchHeader header) {
    int attributes = header.attributes() & 0xffff;
    if ((attributes & ~KNOWN_BITS) != 0) {
      return invalid("no reserved attribute bits", "were %04x".formatted(attributes));
    }
    if (header.isControl()) {
      return invalid("records", "was a control batch, which only nodes write");
    }
    if (header.isTransactional()) {
      return invalid("records outside a transaction", "the transactional bit is set");
    }
    if (header.timestampType() != TimestampType.CREATE_TIME) {
      return invalid("timestamps of the client", "the bit for append time is set");
    }
    return header.compression().isPresent() ? Optional.empty() : Optional.of(unknownCodec(header));
  }

  /** A producer that numbers its records says who it is, and one that does not says nothing. */
  static Optional<Refused> numbers(BatchHeader header) {
    boolean isNumbered =
        header.producerId() >= 0 && header.producerEpoch() >= 0 && header.baseSequence() >= 0;
    boolean isPlain =
        header.producerId() == BatchHeader.NO_PRODUCER
            && header.producerEpoch() == BatchHeader.NO_PRODUCER
            && header.baseSequence() == BatchHeader.NO_PRODUCER;
    return isNumbered || isPlain
        ? Optional.empty()
        : invalid(
            "id, epoch and sequence of a producer, or -1 for each of them",
            "were %d, %d and %d"
                .formatted(header.producerId(), header.producerEpoch(), header.baseSequence()));
  }

  static Refused unknownCodec(BatchHeader header) {
    return new Refused(
        ErrorCode.UNSUPPORTED_COMPRESSION,
        "Expected a codec of number 0 to %d, but was %d"
            .formatted(
                Compression.values().length - 1,
                header.attributes() & BatchHeader.COMPRESSION_BITS));
  }

  static Optional<Refused> counts(BatchHeader header) {
    if (header.recordCount() == 0) {
      return invalid("at least one record", "were 0");
    }
    return header.recordCount() > 0 && header.lastOffsetDelta() == header.recordCount() - 1
        ? Optional.empty()
        : refuse(
            ErrorCode.CORRUPT_RECORD,
            "Expected a last offset delta of one less than the record count, but were "
                + header.lastOffsetDelta()
                + " and "
                + header.recordCount());
  }

  /** Walks the records, which are not compressed. */
  static Optional<Refused> records(BatchBytes batch, BatchHeader header) {
    var cursor =
        new RecordCursor(
            batch.buffer().duplicate().limit(header.sizeInBytes()).position(BatchHeader.SIZE));
    try {
      long maxTimestamp = Long.MIN_VALUE;
      for (int delta = 0; delta < header.recordCount(); delta++) {
        long timestamp = header.baseTimestamp() + record(cursor, delta);
        maxTimestamp = Math.max(maxTimestamp, timestamp);
      }
      cursor.expectEnd();
      return maxTimestamp == header.maxTimestamp()
          ? Optional.empty()
          : invalid(
              "the maximum timestamp " + header.maxTimestamp(),
              "the greatest in the batch was " + maxTimestamp);
    } catch (BatchRefusedException e) {
      return Optional.of(e.refused());
    }
  }

  /** Walks one record and returns its timestamp delta. */
  private static long record(RecordCursor cursor, int expectedDelta) {
    cursor.enterRecord();
    byte attributes = cursor.oneByte();
    if (attributes != 0) {
      throw new BatchRefusedException(
          new Refused(
              ErrorCode.INVALID_RECORD,
              "Expected no attributes of a record, but were " + attributes));
    }
    long timestampDelta = cursor.varlong();
    int delta = cursor.varint();
    if (delta != expectedDelta) {
      throw cursor.corrupt("offset delta " + expectedDelta, "was " + delta);
    }
    cursor.skip(cursor.length("a key", -1));
    cursor.skip(cursor.length("a value", -1));
    headers(cursor);
    cursor.leaveRecord();
    return timestampDelta;
  }

  private static void headers(RecordCursor cursor) {
    int count = cursor.headerCount();
    if (count > BatchCheck.HEADERS_MAX) {
      throw new BatchRefusedException(
          new Refused(
              ErrorCode.INVALID_RECORD,
              "Expected at most " + BatchCheck.HEADERS_MAX + " headers, but were " + count));
    }
    for (int i = 0; i < count; i++) {
      cursor.skip(cursor.length("a header name", 0));
      cursor.skip(cursor.length("a header value", -1));
    }
  }

  private static Optional<Refused> invalid(String expected, String found) {
    return refuse(ErrorCode.INVALID_RECORD, "Expected " + expected + ", but " + found);
  }
}
