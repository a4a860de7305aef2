package dev.naru.client.consumer;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.record.BatchHeader;
import dev.naru.record.Record;
import dev.naru.types.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a record's bytes to what the application asked for. */
record RecordDecoder<K, V>(Codec<K> keyCodec, Codec<V> valueCodec) {

  /**
   * Decodes.
   *
   * @throws NaruException if a codec fails, with the record's place
   */
  ConsumerRecord<K, V> decode(TopicPartition partition, Record record, BatchHeader batch) {
    try {
      return new ConsumerRecord<>(
          partition.topic(),
          partition.partition(),
          record.offset(),
          batch.leaderEpoch(),
          record.timestamp(),
          batch.timestampType(),
          decoded(keyCodec, record.key()),
          decoded(valueCodec, record.value()),
          record.headers());
    } catch (RuntimeException e) {
      throw undecodable(partition, record.offset(), e);
    }
  }

  private static <T> @Nullable T decoded(Codec<T> codec, Optional<ByteBuffer> bytes) {
    return bytes.isPresent() ? codec.decode(bytes.get()) : null;
  }

  private static NaruException undecodable(
      TopicPartition partition, long offset, RuntimeException cause) {
    return new NaruException(
        ErrorCode.INVALID_RECORD,
        "Expected the record "
            + partition
            + "@"
            + offset
            + " to decode, but "
            + cause
            + "; seek to "
            + (offset + 1)
            + " to step over it",
        Map.of(
            "topic", partition.topic(),
            "partition", Integer.toString(partition.partition()),
            "offset", Long.toString(offset),
            "next.offset", Long.toString(offset + 1)),
        cause);
  }
}
