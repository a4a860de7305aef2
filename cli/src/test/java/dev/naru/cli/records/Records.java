package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.client.ConsumerRecord;
import dev.naru.record.RecordHeader;
import dev.naru.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records for tests. */
final class Records {

  private Records() {}

  static ConsumerRecord<byte[], byte[]> read(@Nullable String key, @Nullable String value) {
    return read(
        0,
        key == null ? null : key.getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8),
        List.of(header("a", "1"), RecordHeader.withoutValue("b")));
  }

  static ConsumerRecord<byte[], byte[]> read(
      long offset, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
    return new ConsumerRecord<>(
        "orders", 3, offset, 7, 1_793_491_200_123L, TimestampType.CREATE_TIME, key, value, headers);
  }

  static RecordHeader header(String name, String value) {
    return RecordHeader.of(name, ByteBuffer.wrap(value.getBytes(UTF_8)));
  }
}
