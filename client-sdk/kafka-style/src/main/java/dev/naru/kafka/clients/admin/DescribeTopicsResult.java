package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Topics that were asked for. */
public final class DescribeTopicsResult {

  private final Map<String, CompletableFuture<TopicDescription>> futures;

  DescribeTopicsResult(Map<String, CompletableFuture<TopicDescription>> futures) {
    this.futures = Map.copyOf(futures);
  }

  /** Of each by its name. */
  public Map<String, KafkaFuture<TopicDescription>> topicNameValues() {
    var values = new TreeMap<String, KafkaFuture<TopicDescription>>();
    futures.forEach((name, future) -> values.put(name, new KafkaFuture<>(future)));
    return values;
  }

  /** All of them: fails if one does. */
  public KafkaFuture<Map<String, TopicDescription>> allTopicNames() {
    var all = futures.values().toArray(new CompletableFuture<?>[0]);
    return new KafkaFuture<>(CompletableFuture.allOf(all).thenApply(nothing -> joined()));
  }

  private Map<String, TopicDescription> joined() {
    var values = new TreeMap<String, TopicDescription>();
    futures.forEach((name, future) -> values.put(name, future.join()));
    return values;
  }
}
