package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.TopicPartition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What became of records to delete. */
public final class DeleteRecordsResult {

  private final Map<TopicPartition, CompletableFuture<DeletedRecords>> futures;

  DeleteRecordsResult(Map<TopicPartition, CompletableFuture<DeletedRecords>> futures) {
    this.futures = Map.copyOf(futures);
  }

  /** Where each partition begins now. */
  public Map<TopicPartition, KafkaFuture<DeletedRecords>> lowWatermarks() {
    return Answers.each(futures);
  }

  /** Of all of them: fails if one does. */
  public KafkaFuture<@Nullable Void> all() {
    return KafkaFuture.allOf(lowWatermarks().values().toArray(new KafkaFuture<?>[0]));
  }
}
