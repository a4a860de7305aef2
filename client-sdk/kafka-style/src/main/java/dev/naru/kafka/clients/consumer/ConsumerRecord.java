package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.header.Headers;
import dev.naru.kafka.common.header.internals.RecordHeaders;
import dev.naru.kafka.common.record.TimestampType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record that was read. */
public class ConsumerRecord<K, V> {

  /** Stands for no time. */
  public static final long NO_TIMESTAMP = -1;

  /** Stands for the size of what is absent. */
  public static final int NULL_SIZE = -1;

  private final String topic;
  private final int partition;
  private final long offset;
  private final long timestamp;
  private final TimestampType timestampType;
  private final int serializedKeySize;
  private final int serializedValueSize;
  private final @Nullable K key;
  private final @Nullable V value;
  private final Headers headers;
  private final Optional<Integer> leaderEpoch;

  /** With everything. */
  public ConsumerRecord(
      String topic,
      int partition,
      long offset,
      long timestamp,
      TimestampType timestampType,
      int serializedKeySize,
      int serializedValueSize,
      @Nullable K key,
      @Nullable V value,
      Headers headers,
      Optional<Integer> leaderEpoch) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.timestampType = timestampType;
    this.serializedKeySize = serializedKeySize;
    this.serializedValueSize = serializedValueSize;
    this.key = key;
    this.value = value;
    this.headers = headers;
    this.leaderEpoch = leaderEpoch;
  }

  /** For tests of applications. */
  public ConsumerRecord(
      String topic, int partition, long offset, @Nullable K key, @Nullable V value) {
    this(
        topic,
        partition,
        offset,
        NO_TIMESTAMP,
        TimestampType.NO_TIMESTAMP_TYPE,
        NULL_SIZE,
        NULL_SIZE,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  /** The topic. */
  public String topic() {
    return topic;
  }

  /** The partition. */
  public int partition() {
    return partition;
  }

  /** The offset. */
  public long offset() {
    return offset;
  }

  /** Its time in milliseconds of the epoch. */
  public long timestamp() {
    return timestamp;
  }

  /** By which clock. */
  public TimestampType timestampType() {
    return timestampType;
  }

  /** Bytes of the key; -1 without one. */
  public int serializedKeySize() {
    return serializedKeySize;
  }

  /** Bytes of the value; -1 without one. */
  public int serializedValueSize() {
    return serializedValueSize;
  }

  /** The key; null without one. */
  public @Nullable K key() {
    return key;
  }

  /** The value; null without one. */
  public @Nullable V value() {
    return value;
  }

  /** The headers. */
  public Headers headers() {
    return headers;
  }

  /** The leadership under which it was appended. */
  public Optional<Integer> leaderEpoch() {
    return leaderEpoch;
  }

  @Override
  public String toString() {
    return "ConsumerRecord(topic = "
        + topic
        + ", partition = "
        + partition
        + ", offset = "
        + offset
        + ", key = "
        + key
        + ", value = "
        + value
        + ")";
  }
}
