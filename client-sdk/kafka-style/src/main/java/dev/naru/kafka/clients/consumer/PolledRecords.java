package dev.naru.kafka.clients.consumer;

import dev.naru.client.consumer.Consumer;
import dev.naru.kafka.clients.Translation;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.errors.RecordDeserializationException;
import dev.naru.kafka.common.header.internals.RecordHeaders;
import dev.naru.kafka.common.record.TimestampType;
import dev.naru.kafka.common.serialization.Deserializer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes of a poll to what the application asked for. A record that does not deserialize
 * ends what is returned of its partition, and is put back, with those after it; the failure is
 * thrown by the next poll, or by this one if there is nothing else. Owned by the thread that polls.
 */
final class PolledRecords<K, V> {

  private final Consumer<byte[], byte[]> consumer;
  private final Deserializer<K> keyDeserializer;
  private final Deserializer<V> valueDeserializer;
  private Optional<RecordDeserializationException> failure = Optional.empty();

  PolledRecords(
      Consumer<byte[], byte[]> consumer,
      Deserializer<K> keyDeserializer,
      Deserializer<V> valueDeserializer) {
    this.consumer = consumer;
    this.keyDeserializer = keyDeserializer;
    this.valueDeserializer = valueDeserializer;
  }

  /** Throws what the last poll has kept to itself. */
  void throwFailure() {
    var kept = failure;
    failure = Optional.empty();
    kept.ifPresent(why -> {
      throw why;
    });
  }

  /** Reading goes on elsewhere. If it comes to the same record again, that fails again. */
  void forgetFailure() {
    failure = Optional.empty();
  }

  ConsumerRecords<K, V> of(List<dev.naru.client.ConsumerRecord<byte[], byte[]>> polled) {
    var records = new LinkedHashMap<TopicPartition, List<ConsumerRecord<K, V>>>();
    var ended = new HashSet<TopicPartition>();
    for (var each : polled) {
      var partition = new TopicPartition(each.topic(), each.partition());
      if (!ended.contains(partition) && !add(each, partition, records)) {
        ended.add(partition);
      }
    }
    if (records.isEmpty()) {
      throwFailure();
    }
    return new ConsumerRecords<>(records);
  }

  private boolean add(
      dev.naru.client.ConsumerRecord<byte[], byte[]> polled,
      TopicPartition partition,
      Map<TopicPartition, List<ConsumerRecord<K, V>>> records) {
    try {
      var record = deserialized(polled);
      records.computeIfAbsent(partition, first -> new ArrayList<>()).add(record);
      return true;
    } catch (Throwable e) { // whatever a deserializer throws: else all are lost
      consumer.putBack(
          Translation.naru(partition), placeOf(polled, records.getOrDefault(partition, List.of())));
      failure =
          failure.or(() ->
              Optional.of(
                  new RecordDeserializationException(
                      partition,
                      polled.offset(),
                      "Expected the record "
                          + partition
                          + "@"
                          + polled.offset()
                          + " to deserialize, but "
                          + e
                          + "; seek past it to go on",
                      e)));
      return false;
    }
  }

  /** The place of a record that comes after these. */
  private static <K, V> dev.naru.client.consumer.OffsetAndMetadata placeOf(
      dev.naru.client.ConsumerRecord<byte[], byte[]> polled, List<ConsumerRecord<K, V>> before) {
    var epoch =
        before.isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(before.get(before.size() - 1).leaderEpoch().orElseThrow());
    return new dev.naru.client.consumer.OffsetAndMetadata(polled.offset(), epoch, "");
  }

  private ConsumerRecord<K, V> deserialized(dev.naru.client.ConsumerRecord<byte[], byte[]> polled) {
    RecordHeaders headers = Translation.kafka(polled.headers());
    return new ConsumerRecord<>(
        polled.topic(),
        polled.partition(),
        polled.offset(),
        polled.timestampMillis(),
        TimestampType.valueOf(polled.timestampType().name()),
        sizeOf(polled.key()),
        sizeOf(polled.value()),
        keyDeserializer.deserialize(polled.topic(), headers, polled.key()),
        valueDeserializer.deserialize(polled.topic(), headers, polled.value()),
        headers,
        Optional.of(polled.leaderEpoch()));
  }

  private static int sizeOf(byte @Nullable [] bytes) {
    return bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
  }
}
