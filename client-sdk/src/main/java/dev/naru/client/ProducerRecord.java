package dev.naru.client;

import dev.naru.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record to send. An absent key or value is {@code null}, which is not the same as an empty one.
 *
 * @param partition where it goes; empty lets the producer's partitioner decide
 * @param timestampMillis its time in milliseconds of the epoch; empty means the moment of {@code
 *     send}
 */
public record ProducerRecord<K, V>(
    String topic,
    OptionalInt partition,
    OptionalLong timestampMillis,
    @Nullable K key,
    @Nullable V value,
    List<RecordHeader> headers) {

  /** Refuses partitions and times below zero. */
  public ProducerRecord {
    if (partition.isPresent() && partition.getAsInt() < 0) {
      throw new IllegalArgumentException("Expected a partition >= 0, but was " + partition);
    }
    if (timestampMillis.isPresent() && timestampMillis.getAsLong() < 0) {
      throw new IllegalArgumentException(
          "Expected a timestamp >= 0, but was " + timestampMillis.getAsLong());
    }
  }

  /** A record without a key. */
  public static <K, V> ProducerRecord<K, V> of(String topic, @Nullable V value) {
    return of(topic, null, value);
  }

  /** A record with a key. */
  public static <K, V> ProducerRecord<K, V> of(String topic, @Nullable K key, @Nullable V value) {
    return new ProducerRecord<>(
        topic, OptionalInt.empty(), OptionalLong.empty(), key, value, List.of());
  }

  /** The same record for this partition. */
  public ProducerRecord<K, V> withPartition(int partition) {
    return new ProducerRecord<>(
        topic, OptionalInt.of(partition), timestampMillis, key, value, headers);
  }

  /** The same record with this time. */
  public ProducerRecord<K, V> withTimestamp(Instant timestamp) {
    return new ProducerRecord<>(
        topic, partition, OptionalLong.of(timestamp.toEpochMilli()), key, value, headers);
  }

  /** The same record with one more header, in UTF-8. */
  public ProducerRecord<K, V> withHeader(String name, String value) {
    return withHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** The same record with one more header. */
  public ProducerRecord<K, V> withHeader(String name, byte[] value) {
    return withHeader(RecordHeader.of(name, ByteBuffer.wrap(value)));
  }

  /** The same record with one more header. */
  public ProducerRecord<K, V> withHeader(RecordHeader header) {
    var longer = new ArrayList<>(headers);
    longer.add(header);
    return new ProducerRecord<>(topic, partition, timestampMillis, key, value, List.copyOf(longer));
  }
}
