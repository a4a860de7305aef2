package dev.naru.client.producer;

import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchHeader;
import dev.naru.record.RecordHeader;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A record whose key and value are bytes; null stands for what is absent, as in a batch. */
@SuppressWarnings("ArrayRecordComponent") // made, appended and forgotten; nobody compares it
public record EncodedRecord(
    OptionalInt partition,
    long timestampMillis,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<RecordHeader> headers) {

  /** The greatest of the partitions that these name; empty if none does. */
  static OptionalInt greatestPartition(List<EncodedRecord> records) {
    return records.stream().map(EncodedRecord::partition).flatMapToInt(OptionalInt::stream).max();
  }

  /** The most that it can take in a batch. */
  public long bytesMax() {
    return BatchBuilder.sizeMaxOf(sizeOf(key), sizeOf(value), headers) - BatchHeader.SIZE;
  }

  static int sizeOf(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
