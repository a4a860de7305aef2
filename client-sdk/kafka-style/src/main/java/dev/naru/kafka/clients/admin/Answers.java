package dev.naru.kafka.clients.admin;

import dev.naru.kafka.clients.Failures;
import dev.naru.kafka.common.KafkaFuture;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What Naru's administration answers, by Kafka's names. */
final class Answers {

  private Answers() {}

  /** Its failures by Kafka's names. */
  static <T, R extends @Nullable Object> CompletableFuture<R> translated(
      CompletableFuture<? extends T> answer, Function<T, R> translation) {
    CompletableFuture<R> translated = answer.thenApply(translation);
    return translated.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(Failures.of(causeOf(failure))));
  }

  /** What it failed with, before futures wrapped it. */
  static Throwable causeOf(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null ? failure : cause;
  }

  /** That it is done. */
  static KafkaFuture<@Nullable Void> done(CompletableFuture<?> answer) {
    return new KafkaFuture<>(
        Answers.<Object, @Nullable Void>translated(answer.thenApply(any -> ""), any -> null));
  }

  static <T extends @Nullable Object> KafkaFuture<T> failed(Throwable failure) {
    return new KafkaFuture<>(CompletableFuture.failedFuture(failure));
  }

  static <K, V> Map<K, KafkaFuture<V>> each(Map<K, CompletableFuture<V>> futures) {
    var each = new HashMap<K, KafkaFuture<V>>();
    futures.forEach((name, future) -> each.put(name, new KafkaFuture<>(future)));
    return each;
  }

  /** All of them: fails if one does. */
  static <K, V> KafkaFuture<Map<K, V>> all(Map<K, CompletableFuture<V>> futures) {
    var all = futures.values().toArray(new CompletableFuture<?>[0]);
    return new KafkaFuture<>(
        CompletableFuture.allOf(all)
            .thenApply(nothing -> {
              var values = new HashMap<K, V>();
              futures.forEach((name, future) -> values.put(name, future.join()));
              return values;
            }));
  }
}
