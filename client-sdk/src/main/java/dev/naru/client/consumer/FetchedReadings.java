package dev.naru.client.consumer;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.client.transport.Router;
import dev.naru.types.TopicId;
import java.util.Optional;

/** Readings of what is fetched from nodes. */
final class FetchedReadings extends Readings {

  private final Router router;
  private final Fetcher fetcher;
  private final Seeks seeks;

  FetchedReadings(ConsumerConfig config, Router router, Fetcher fetcher, Seeks seeks) {
    super(config);
    this.router = router;
    this.fetcher = fetcher;
    this.seeks = seeks;
  }

  @Override
  public Reading begin(TopicPartition partition, Optional<TopicId> granted) {
    router.used(partition.topic());
    return super.begin(partition, granted);
  }

  @Override
  public void drop(TopicPartition partition) {
    find(partition)
        .ifPresent(reading -> {
          super.drop(partition);
          fetcher.forget(reading, all());
          seeks.forget(partition);
        });
  }
}
