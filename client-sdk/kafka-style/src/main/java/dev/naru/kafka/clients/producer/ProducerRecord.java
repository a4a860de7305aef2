package dev.naru.kafka.clients.producer;

import dev.naru.kafka.common.header.Header;
import dev.naru.kafka.common.header.Headers;
import dev.naru.kafka.common.header.internals.RecordHeaders;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record to send. An absent key or value is null, which is not the same as an empty one. */
public class ProducerRecord<K, V> {

  private final String topic;
  private final @Nullable Integer partition;
  private final @Nullable Long timestamp;
  private final @Nullable K key;
  private final @Nullable V value;
  private final RecordHeaders headers;

  /** With everything; without a partition the producer chooses, without a time it is now. */
  public ProducerRecord(
      String topic,
      @Nullable Integer partition,
      @Nullable Long timestamp,
      @Nullable K key,
      @Nullable V value,
      @Nullable Iterable<Header> headers) {
    if (timestamp != null && timestamp < 0) {
      throw new IllegalArgumentException("Expected a timestamp >= 0, but was " + timestamp);
    }
    if (partition != null && partition < 0) {
      throw new IllegalArgumentException("Expected a partition >= 0, but was " + partition);
    }
    this.topic = Objects.requireNonNull(topic, "Expected a topic");
    this.partition = partition;
    this.timestamp = timestamp;
    this.key = key;
    this.value = value;
    this.headers = new RecordHeaders(headers == null ? List.of() : headers);
  }

  /** Without headers. */
  public ProducerRecord(
      String topic,
      @Nullable Integer partition,
      @Nullable Long timestamp,
      @Nullable K key,
      @Nullable V value) {
    this(topic, partition, timestamp, key, value, null);
  }

  /** With the time of sending. */
  public ProducerRecord(
      String topic,
      @Nullable Integer partition,
      @Nullable K key,
      @Nullable V value,
      @Nullable Iterable<Header> headers) {
    this(topic, partition, null, key, value, headers);
  }

  /** For this partition. */
  public ProducerRecord(
      String topic, @Nullable Integer partition, @Nullable K key, @Nullable V value) {
    this(topic, partition, null, key, value, null);
  }

  /** With a key. */
  public ProducerRecord(String topic, @Nullable K key, @Nullable V value) {
    this(topic, null, null, key, value, null);
  }

  /** Without a key. */
  public ProducerRecord(String topic, @Nullable V value) {
    this(topic, null, null, null, value, null);
  }

  /** The topic. */
  public String topic() {
    return topic;
  }

  /** Its headers; they may be added to before it is sent. */
  public Headers headers() {
    return headers;
  }

  void sent() {
    headers.setReadOnly();
  }

  /** The key; null without one. */
  public @Nullable K key() {
    return key;
  }

  /** The value; null without one. */
  public @Nullable V value() {
    return value;
  }

  /** Its time in milliseconds of the epoch; null means that of sending. */
  public @Nullable Long timestamp() {
    return timestamp;
  }

  /** Where it is to go; null lets the producer choose. */
  public @Nullable Integer partition() {
    return partition;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProducerRecord<?, ?> that
        && topic.equals(that.topic)
        && Objects.equals(partition, that.partition)
        && Objects.equals(timestamp, that.timestamp)
        && Objects.equals(key, that.key)
        && Objects.equals(value, that.value)
        && headers.equals(that.headers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(topic, partition, timestamp, key, value, headers);
  }

  @Override
  public String toString() {
    return "ProducerRecord(topic="
        + topic
        + ", partition="
        + partition
        + ", headers="
        + headers
        + ", key="
        + key
        + ", value="
        + value
        + ", timestamp="
        + timestamp
        + ")";
  }
}
