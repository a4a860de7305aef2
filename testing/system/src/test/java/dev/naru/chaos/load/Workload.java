package dev.naru.chaos.load;

import dev.naru.client.TopicPartition;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What clients do.
 *
 * @param producers each has a thread and a producer of its own
 * @param recordsPerSecond of all producers together, while they may write
 * @param readers each reads everything
 */
public record Workload(
    String topic,
    int partitions,
    int producers,
    int recordsPerSecond,
    int payloadBytes,
    int readers) {

  /** Every partition of the topic. */
  public List<TopicPartition> allPartitions() {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  /** Time between two records of one producer. */
  long pauseNanos() {
    return 1_000_000_000L * producers / recordsPerSecond;
  }
}
