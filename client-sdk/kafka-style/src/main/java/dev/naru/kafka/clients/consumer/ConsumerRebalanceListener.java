package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.TopicPartition;
import java.util.Collection;

/**
 * Hears what becomes of the partitions of a subscribed consumer, on the thread that polls,
 * unsubscribes or closes, within that call. Only partitions that move are named, as with Kafka's
 * cooperative protocols.
 *
 * <p>It may commit, seek, and ask the consumer, but not poll, subscribe, assign, unsubscribe or
 * close: these throw {@link IllegalStateException}. What it throws itself is thrown by the call
 * after the change is complete.
 */
public interface ConsumerRebalanceListener {

  /**
   * These are about to be given to others; what is committed now is where those begin. They wait
   * for this to return.
   */
  void onPartitionsRevoked(Collection<TopicPartition> partitions);

  /** These are read from now on. */
  void onPartitionsAssigned(Collection<TopicPartition> partitions);

  /** These were taken away, and nothing can be committed for them; as with Kafka, the same. */
  default void onPartitionsLost(Collection<TopicPartition> partitions) {
    onPartitionsRevoked(partitions);
  }
}
