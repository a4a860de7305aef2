package dev.naru.kafka.clients.admin;

import dev.naru.kafka.clients.consumer.OffsetAndMetadata;
import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.TopicPartition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What groups have committed: nothing for a group that there is not. */
public final class ListConsumerGroupOffsetsResult {

  private final Map<String, CompletableFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>>>
      futures;

  ListConsumerGroupOffsetsResult(
      Map<String, CompletableFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>>> futures) {
    this.futures = Map.copyOf(futures);
  }

  /** Of the one group that was asked for; null for partitions that were named and have none. */
  public KafkaFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>>
      partitionsToOffsetAndMetadata() {
    if (futures.size() != 1) {
      throw new IllegalStateException("Expected one group, but there are " + futures.size());
    }
    return new KafkaFuture<>(futures.values().iterator().next());
  }

  /** Of this group; null for partitions that were named and have none. */
  public KafkaFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>>
      partitionsToOffsetAndMetadata(String groupId) {
    var future = futures.get(groupId);
    if (future == null) {
      throw new IllegalArgumentException("Expected a group that was asked for, but was " + groupId);
    }
    return new KafkaFuture<>(future);
  }

  /** Of all groups by their ids: fails if one does. */
  public KafkaFuture<Map<String, Map<TopicPartition, @Nullable OffsetAndMetadata>>> all() {
    return Answers.all(futures);
  }
}
