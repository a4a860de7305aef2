package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.TopicPartition;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The records of one poll, of each partition in order. */
public class ConsumerRecords<K, V> implements Iterable<ConsumerRecord<K, V>> {

  private final Map<TopicPartition, List<ConsumerRecord<K, V>>> records;

  /** These records. */
  public ConsumerRecords(Map<TopicPartition, List<ConsumerRecord<K, V>>> records) {
    this.records = Collections.unmodifiableMap(new LinkedHashMap<>(records));
  }

  /** No records. */
  public static <K, V> ConsumerRecords<K, V> empty() {
    return new ConsumerRecords<>(Map.of());
  }

  /** Those of a partition. */
  public List<ConsumerRecord<K, V>> records(TopicPartition partition) {
    return records.getOrDefault(partition, List.of());
  }

  /** Those of a topic. */
  public Iterable<ConsumerRecord<K, V>> records(String topic) {
    return records.entrySet().stream()
        .filter(each -> each.getKey().topic().equals(topic))
        .flatMap(each -> each.getValue().stream())
        .toList();
  }

  /** Those partitions that have any. */
  public Set<TopicPartition> partitions() {
    return records.keySet();
  }

  /** How many there are. */
  public int count() {
    return records.values().stream().mapToInt(List::size).sum();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return records.isEmpty();
  }

  @Override
  public Iterator<ConsumerRecord<K, V>> iterator() {
    return records.values().stream().flatMap(List::stream).iterator();
  }
}
