package dev.naru.client.consumer;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.record.FieldDecoder;
import dev.naru.record.RecordReader;
import dev.naru.types.ErrorCode;
import java.util.Map;

/** From a record's bytes to what the application asked for. */
public record RecordDecoder<K, V>(FieldDecoder<K> key, FieldDecoder<V> value) {

  /** By these codecs. */
  public static <K, V> RecordDecoder<K, V> of(Codec<K> key, Codec<V> value) {
    return new RecordDecoder<>(key::decode, value::decode);
  }

  /**
   * Decodes the record at which the reader stands.
   *
   * @throws NaruException if a codec fails, whatever it throws, with the record's place: what was
   *     decoded before it is handed out first
   */
  public ConsumerRecord<K, V> decode(TopicPartition partition, RecordReader record) {
    try {
      var batch = record.header();
      return new ConsumerRecord<>(
          partition.topic(),
          partition.partition(),
          record.offset(),
          batch.leaderEpoch(),
          record.timestamp(),
          batch.timestampType(),
          record.key(key),
          record.value(value),
          record.headers());
    } catch (Throwable e) { // else what was decoded before it would be lost
      throw undecodable(partition, record.offset(), e);
    }
  }

  private static NaruException undecodable(TopicPartition partition, long offset, Throwable cause) {
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
