package dev.naru.record;

import dev.naru.record.Drafts.Draft;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** The same format by another hand: what kafka-clients writes and reads. */
final class KafkaOracle {

  record Producer(long id, short epoch, int sequence) {

    static final Producer NONE = new Producer(-1, (short) -1, -1);
  }

  private KafkaOracle() {}

  static ByteBuffer encode(
      List<Draft> drafts, Compression compression, long baseOffset, Producer producer) {
    var builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1 << 10),
            RecordBatch.MAGIC_VALUE_V2,
            org.apache.kafka.common.compress.Compression.of(compression.text()).build(),
            TimestampType.CREATE_TIME,
            baseOffset,
            RecordBatch.NO_TIMESTAMP,
            producer.id(),
            producer.epoch(),
            producer.sequence());
    for (var draft : drafts) {
      builder.append(draft.timestamp(), draft.key(), draft.value(), headers(draft));
    }
    return builder.build().buffer();
  }

  private static Header[] headers(Draft draft) {
    return draft.headers().stream()
        .map(header ->
            new RecordHeader(header.name(), header.value().map(ByteBuffer::array).orElse(null)))
        .toArray(Header[]::new);
  }

  /** The only batch of these bytes. */
  static MutableRecordBatch batch(BatchBytes bytes) {
    return MemoryRecords.readableRecords(bytes.asByteBuffer()).batches().iterator().next();
  }

  static List<Record> readAll(BatchBytes bytes) {
    var records = new ArrayList<Record>();
    try (var found = batch(bytes).streamingIterator(BufferSupplier.NO_CACHING)) {
      found.forEachRemaining(record -> records.add(ours(record)));
    }
    return records;
  }

  private static Record ours(org.apache.kafka.common.record.internal.Record record) {
    var headers = new ArrayList<dev.naru.record.RecordHeader>();
    for (var header : record.headers()) {
      headers.add(
          new dev.naru.record.RecordHeader(
              header.key(), Optional.ofNullable(header.value()).map(ByteBuffer::wrap)));
    }
    return new Record(
        record.offset(),
        record.timestamp(),
        record.hasKey() ? Optional.of(record.key()) : Optional.empty(),
        record.hasValue() ? Optional.of(record.value()) : Optional.empty(),
        headers);
  }
}
