package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of topics to create. */
public final class CreateTopicsResult {

  private final Map<String, KafkaFuture<@Nullable Void>> futures;

  CreateTopicsResult(Map<String, KafkaFuture<@Nullable Void>> futures) {
    this.futures = Map.copyOf(futures);
  }

  /** Of each by its name. */
  public Map<String, KafkaFuture<@Nullable Void>> values() {
    return futures;
  }

  /** Of all of them: fails if one does. */
  public KafkaFuture<@Nullable Void> all() {
    return KafkaFuture.allOf(futures.values().toArray(new KafkaFuture<?>[0]));
  }
}
