package dev.naru.kafka.clients.consumer;

import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.kafka.clients.Translation;
import java.util.Collection;

/** Tells an application's listener what a consumer of Naru hears. */
record Listening(ConsumerRebalanceListener listener) implements RebalanceListener {

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    listener.onPartitionsRevoked(Translation.kafka(partitions));
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    listener.onPartitionsAssigned(Translation.kafka(partitions));
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    listener.onPartitionsLost(Translation.kafka(partitions));
  }
}
