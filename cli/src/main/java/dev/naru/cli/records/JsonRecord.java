package dev.naru.cli.records;

import dev.naru.cli.json.Json;
import dev.naru.client.ConsumerRecord;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A record that was read, as the JSON object that {@code consume -o jsonl} prints. */
final class JsonRecord {

  private JsonRecord() {}

  static Json of(ConsumerRecord<byte[], byte[]> read) {
    var fields =
        Json.object()
            .with("topic", read.topic())
            .with("partition", read.partition())
            .with("offset", read.offset())
            .with("timestamp", read.timestampMillis())
            .with("timestampType", read.timestampType().name())
            .with("leaderEpoch", read.leaderEpoch());
    JsonBytes.write(fields, "key", Optional.ofNullable(read.key()).map(ByteBuffer::wrap));
    JsonBytes.write(fields, "value", Optional.ofNullable(read.value()).map(ByteBuffer::wrap));
    return fields.with("headers", JsonHeaders.write(read.headers())).build();
  }
}
