package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.TopicPartition;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of positions that a group is to forget: all are forgotten, or the future fails. */
public class DeleteConsumerGroupOffsetsResult {

  private final Set<TopicPartition> asked;
  private final KafkaFuture<@Nullable Void> future;

  DeleteConsumerGroupOffsetsResult(Set<TopicPartition> asked, KafkaFuture<@Nullable Void> future) {
    this.asked = Set.copyOf(asked);
    this.future = future;
  }

  /**
   * Of one of them.
   *
   * @throws IllegalArgumentException if it was not asked for
   */
  public KafkaFuture<@Nullable Void> partitionResult(TopicPartition partition) {
    if (!asked.contains(partition)) {
      throw new IllegalArgumentException(
          "Expected a partition whose position was to be forgotten, but was " + partition);
    }
    return future;
  }

  /** Of all of them. */
  public KafkaFuture<@Nullable Void> all() {
    return future;
  }
}
