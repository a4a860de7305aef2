package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.TopicPartition;
import java.util.Collection;

/**
 * Hears what becomes of the partitions of a subscribed consumer, on the thread that polls. Only
 * partitions that move are named, as with Kafka's cooperative protocols.
 */
public interface ConsumerRebalanceListener {

  /** These are about to be given to others; what is committed now is where those begin. */
  void onPartitionsRevoked(Collection<TopicPartition> partitions);

  /** These are read from now on. */
  void onPartitionsAssigned(Collection<TopicPartition> partitions);

  /** These were taken away, and nothing can be committed for them; as with Kafka, the same. */
  default void onPartitionsLost(Collection<TopicPartition> partitions) {
    onPartitionsRevoked(partitions);
  }
}
