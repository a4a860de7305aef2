package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Topics that there are. */
public final class ListTopicsResult {

  private final KafkaFuture<Map<String, TopicListing>> future;

  ListTopicsResult(KafkaFuture<Map<String, TopicListing>> future) {
    this.future = future;
  }

  /** By their names. */
  public KafkaFuture<Map<String, TopicListing>> namesToListings() {
    return future;
  }

  /** All of them. */
  public KafkaFuture<Collection<TopicListing>> listings() {
    return future.thenApply(Map::values);
  }

  /** Their names. */
  public KafkaFuture<Set<String>> names() {
    return future.thenApply(Map::keySet);
  }
}
