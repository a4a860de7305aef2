package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.TopicPartition;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a group's positions to list. */
public final class ListConsumerGroupOffsetsSpec {

  private @Nullable Collection<TopicPartition> partitions;

  /** All of them, unless partitions are named. */
  public ListConsumerGroupOffsetsSpec() {}

  /** Those of these partitions; null means all. */
  public ListConsumerGroupOffsetsSpec topicPartitions(@Nullable Collection<TopicPartition> wanted) {
    partitions = wanted == null ? null : List.copyOf(wanted);
    return this;
  }

  /** The partitions that were named; null means all. */
  public @Nullable Collection<TopicPartition> topicPartitions() {
    return partitions;
  }
}
