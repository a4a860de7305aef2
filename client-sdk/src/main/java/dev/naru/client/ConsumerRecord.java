package dev.naru.client;

import dev.naru.record.RecordHeader;
import dev.naru.record.TimestampType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read. An absent key or value is {@code null}, which is not the same as an empty
 * one.
 *
 * @param leaderEpoch the leadership under which it was appended
 * @param timestampMillis milliseconds of the epoch, by the clock that {@code timestampType} names
 */
public record ConsumerRecord<K, V>(
    String topic,
    int partition,
    long offset,
    int leaderEpoch,
    long timestampMillis,
    TimestampType timestampType,
    @Nullable K key,
    @Nullable V value,
    List<RecordHeader> headers) {

  /** The record's time. */
  public Instant timestamp() {
    return Instant.ofEpochMilli(timestampMillis);
  }
}
