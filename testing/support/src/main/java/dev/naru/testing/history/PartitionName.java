package dev.naru.testing.history;

import java.util.Comparator;

/**
 * A partition, as the clients of a run call it.
 *
 * @param topic its name, or its id where a name is used again within the run
 */
public record PartitionName(String topic, int partition) implements Comparable<PartitionName> {

  private static final Comparator<PartitionName> ORDER =
      Comparator.comparing(PartitionName::topic).thenComparingInt(PartitionName::partition);

  public PartitionName {
    if (topic.isEmpty() || partition < 0) {
      throw new IllegalArgumentException(
          "Expected a topic and a partition >= 0, but were '%s' and %d"
              .formatted(topic, partition));
    }
  }

  @Override
  public int compareTo(PartitionName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topic + "/" + partition;
  }
}
