package dev.naru.client;

import java.util.Comparator;

/** One partition of a topic, by name. Written {@code orders/3}. */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {

  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  /** Refuses partitions below zero. */
  public TopicPartition {
    if (partition < 0) {
      throw new IllegalArgumentException(
          "Expected a partition >= 0 of " + topic + ", but was " + partition);
    }
  }

  @Override
  public int compareTo(TopicPartition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topic + "/" + partition;
  }
}
