package dev.naru.client.admin;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What producers send to one topic, over a minute.
 *
 * @param partitions those that were told of, the busiest first
 */
public record TopicLoad(String topic, TrafficRate minute, List<PartitionLoad> partitions) {

  /** Keeps a copy. */
  public TopicLoad {
    partitions = List.copyOf(partitions);
  }

  static TopicLoad of(String topic, List<PartitionLoad> loads) {
    return new TopicLoad(
        topic,
        loads.stream().map(PartitionLoad::minute).reduce(TrafficRate.ZERO, TrafficRate::plus),
        loads.stream()
            .sorted(
                Comparator.comparingDouble((PartitionLoad load) -> load.minute().bytesPerSecond())
                    .reversed()
                    .thenComparing(PartitionLoad::partition))
            .toList());
  }

  /**
   * What the busiest partition gets, in bytes, to the mean of all: 1 is even. Empty for a topic
   * with one partition, and while nothing comes in.
   */
  public OptionalDouble skew() {
    return partitions.size() < 2 || minute.bytesPerSecond() <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            partitions.get(0).minute().bytesPerSecond()
                * partitions.size()
                / minute.bytesPerSecond());
  }

  /** The part of the topic's bytes that goes to this partition, 0 to 1. */
  public double shareOf(PartitionLoad load) {
    return minute.bytesPerSecond() <= 0
        ? 0
        : load.minute().bytesPerSecond() / minute.bytesPerSecond();
  }
}
