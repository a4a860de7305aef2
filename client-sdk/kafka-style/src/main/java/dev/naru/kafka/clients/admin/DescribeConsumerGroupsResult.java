package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Groups that were asked for. */
public final class DescribeConsumerGroupsResult {

  private final Map<String, CompletableFuture<ConsumerGroupDescription>> futures;

  DescribeConsumerGroupsResult(Map<String, CompletableFuture<ConsumerGroupDescription>> futures) {
    this.futures = Map.copyOf(futures);
  }

  /** Of each by its id. */
  public Map<String, KafkaFuture<ConsumerGroupDescription>> describedGroups() {
    return Answers.each(futures);
  }

  /** All of them: fails if one does. */
  public KafkaFuture<Map<String, ConsumerGroupDescription>> all() {
    return Answers.all(futures);
  }
}
