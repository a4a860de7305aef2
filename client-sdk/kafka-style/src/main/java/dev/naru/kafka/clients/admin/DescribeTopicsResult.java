package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Topics that were asked for. */
public final class DescribeTopicsResult {

  private final Map<String, CompletableFuture<TopicDescription>> futures;

  DescribeTopicsResult(Map<String, CompletableFuture<TopicDescription>> futures) {
    this.futures = Map.copyOf(futures);
  }

  /** Of each by its name. */
  public Map<String, KafkaFuture<TopicDescription>> topicNameValues() {
    return Answers.each(futures);
  }

  /** All of them: fails if one does. */
  public KafkaFuture<Map<String, TopicDescription>> allTopicNames() {
    return Answers.all(futures);
  }
}
