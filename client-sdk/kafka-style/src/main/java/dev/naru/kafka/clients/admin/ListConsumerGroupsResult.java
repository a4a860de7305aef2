package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** Groups that there are. */
public final class ListConsumerGroupsResult {

  /** Those that are known, and why others are not. */
  record Found(Collection<ConsumerGroupListing> groups, Collection<Throwable> errors) {}

  private final CompletableFuture<Found> found;

  ListConsumerGroupsResult(CompletableFuture<Found> found) {
    this.found = found;
  }

  /** All of them: fails if some are not known, as while their coordinator starts. */
  public KafkaFuture<Collection<ConsumerGroupListing>> all() {
    return new KafkaFuture<>(
        found.thenCompose(known ->
            known.errors().isEmpty()
                ? CompletableFuture.completedFuture(known.groups())
                : CompletableFuture.failedFuture(known.errors().iterator().next())));
  }

  /** Those that are known. */
  public KafkaFuture<Collection<ConsumerGroupListing>> valid() {
    return new KafkaFuture<>(found.thenApply(Found::groups));
  }

  /** Why some are not known; empty if all are. */
  public KafkaFuture<Collection<Throwable>> errors() {
    return new KafkaFuture<>(found.thenApply(Found::errors));
  }
}
