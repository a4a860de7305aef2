package dev.naru.log.inspect;

import dev.naru.log.disk.OpenFiles;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Opens one batch after the other. What is left to check when frame and checksum are right: that
 * the records are what the header says of them.
 */
final class RecordCheck {

  /** No node takes a batch so large; it would be held in memory as a whole. */
  static final int BATCH_BYTES_MAX = 64 << 20;

  private static final int KNOWN_BITS = 0x7f;

  private final OpenFiles files;
  private final String name;

  RecordCheck(OpenFiles files, String name) {
    this.files = files;
    this.name = name;
  }

  /** Hands on the records, and says why they are not those of the header, if so. */
  Optional<String> read(BatchHeader header, int position, Consumer<Record> listener) {
    if (header.sizeInBytes() > BATCH_BYTES_MAX) {
      return Optional.of(
          "Expected a batch of at most %d bytes, but was %d, and was not opened"
              .formatted(BATCH_BYTES_MAX, header.sizeInBytes()));
    }
    var bytes = ByteBuffer.allocate(header.sizeInBytes());
    if (files.read(name, bytes, position).orElse(0) < bytes.capacity()) {
      return Optional.of("Expected the whole batch, but the file was cut meanwhile");
    }
    try {
      return ofAttributes(header)
          .or(() -> ofRecords(header, BatchBytes.of(bytes.flip()), listener));
    } catch (BatchRefusedException e) {
      return Optional.of(e.refused().reason());
    }
  }

  private static Optional<String> ofAttributes(BatchHeader header) {
    int unknown = header.attributes() & 0xffff & ~KNOWN_BITS;
    return unknown == 0
        ? Optional.empty()
        : Optional.of("Expected no reserved attribute bits, but were %04x".formatted(unknown));
  }

  private static Optional<String> ofRecords(
      BatchHeader header, BatchBytes batch, Consumer<Record> listener) {
    long deltas = header.lastOffsetDelta() + 1L;
    if (header.recordCount() > deltas) {
      return Optional.of(
          "Expected at most %d records, but were %d".formatted(deltas, header.recordCount()));
    }
    var reader = RecordReader.open(batch, InflationLimit.DEFAULT);
    long latest = Long.MIN_VALUE;
    while (reader.hasNext()) {
      var record = reader.next();
      listener.accept(record);
      latest = Math.max(latest, record.timestamp());
    }
    return ofTimes(header, latest);
  }

  private static Optional<String> ofTimes(BatchHeader header, long latest) {
    return header.isHeaderOnly() || latest == header.maxTimestamp()
        ? Optional.empty()
        : Optional.of(
            "Expected %d for the latest timestamp, but was %d"
                .formatted(header.maxTimestamp(), latest));
  }
}
