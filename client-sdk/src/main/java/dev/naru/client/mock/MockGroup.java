package dev.naru.client.mock;

import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndMetadata;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a group has committed, and since when it is interested in what. Guarded by its cluster. */
final class MockGroup {

  private final SortedMap<TopicPartition, OffsetAndMetadata> committed = new TreeMap<>();
  private final Map<String, Integer> seen = new TreeMap<>(); // topic, partitions when first wanted
  private int members;

  SortedMap<TopicPartition, OffsetAndMetadata> committed() {
    return committed;
  }

  void joined() {
    members++;
  }

  void left() {
    members--;
  }

  boolean hasMembers() {
    return members > 0;
  }

  /** Somebody wants a topic, which has so many partitions now, or none yet. */
  void wants(String topic, int partitions) {
    seen.putIfAbsent(topic, partitions);
  }

  /** Whether the partition is younger than the group's interest in its topic. */
  boolean isNewHere(TopicPartition partition) {
    var partitions = seen.get(partition.topic());
    return partitions != null && partition.partition() >= partitions;
  }
}
