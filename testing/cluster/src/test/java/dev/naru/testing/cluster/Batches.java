package dev.naru.testing.cluster;

import dev.naru.proto.v1.FetchResponse;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.Compression;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.wire.WithBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Batches of text, and texts of batches. */
final class Batches {

  private static final long TIMESTAMP = 1_700_000_000_000L;

  private Batches() {}

  /** One batch with a record for each text. */
  static BatchBytes of(String... values) {
    return builderOf(values).build(Compression.NONE);
  }

  /** One batch with a record for each text, which this producer numbers from there on. */
  static BatchBytes numbered(long producer, int sequence, String... values) {
    var builder = builderOf(values);
    builder.producer(producer, (short) 0, sequence);
    return builder.build(Compression.NONE);
  }

  private static BatchBuilder builderOf(String... values) {
    var builder = new BatchBuilder(BatchBuilder.BATCH_BYTES_MAX);
    for (var value : values) {
      builder.append(TIMESTAMP, null, value.getBytes(StandardCharsets.UTF_8), List.of());
    }
    return builder;
  }

  /** A batch of one record with a value of so many bytes. */
  static BatchBytes ofSize(int valueBytes) {
    return of("x".repeat(valueBytes));
  }

  /** The same batch with one byte of its records changed. */
  static BatchBytes corrupted(BatchBytes batch) {
    return changed(batch, batch.size() - 2, (byte) 0x55);
  }

  /** The same batch with one byte of its own choice. */
  static BatchBytes changed(BatchBytes batch, int position, byte value) {
    var bytes = new byte[batch.size()];
    batch.asByteBuffer().get(bytes);
    bytes[position] = value;
    return BatchBytes.of(ByteBuffer.wrap(bytes));
  }

  /** The values of the records, in the order in which they came. */
  static List<String> values(List<WithBatches<FetchResponse>> answer) {
    var values = new ArrayList<String>();
    for (var part : answer) {
      for (var batch : part.batches().batches()) {
        RecordReader.open(batch, InflationLimit.DEFAULT)
            .forEachRemaining(record ->
                values.add(
                    StandardCharsets.UTF_8
                        .decode(record.value().orElseThrow().duplicate())
                        .toString()));
      }
    }
    return values;
  }

  /** Where the last batch ends, or the given offset when there is none. */
  static long endOf(List<WithBatches<FetchResponse>> answer, long otherwise) {
    long end = otherwise;
    for (var part : answer) {
      for (BatchHeader header : part.batches().headers()) {
        end = header.nextOffset();
      }
    }
    return end;
  }
}
