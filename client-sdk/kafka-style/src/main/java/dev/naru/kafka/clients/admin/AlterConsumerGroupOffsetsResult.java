package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.TopicPartition;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of positions that a group is to have: all are changed, or none is. */
public final class AlterConsumerGroupOffsetsResult {

  private final Set<TopicPartition> asked;
  private final KafkaFuture<@Nullable Void> future;

  AlterConsumerGroupOffsetsResult(Set<TopicPartition> asked, KafkaFuture<@Nullable Void> future) {
    this.asked = Set.copyOf(asked);
    this.future = future;
  }

  /** Of one of them. */
  public KafkaFuture<@Nullable Void> partitionResult(TopicPartition partition) {
    return asked.contains(partition)
        ? future
        : Answers.failed(
            new IllegalArgumentException(
                "Expected a partition whose position was to be changed, but was " + partition));
  }

  /** Of all of them. */
  public KafkaFuture<@Nullable Void> all() {
    return future;
  }
}
