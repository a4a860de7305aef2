package dev.naru.kafka.common;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the administration answers, some time. Fails with a {@link KafkaException}: {@code get} has
 * it as the cause, those who hear of the end get it itself. They are called on the thread that
 * brings the answer, or on their own if it is there.
 */
public final class KafkaFuture<T extends @Nullable Object> implements Future<T> {

  private final CompletableFuture<T> future;

  /** Completes as this one does; cancelling it leaves this one as it is. */
  public KafkaFuture(CompletableFuture<T> future) {
    this.future = itself(future);
  }

  /** Fails with what went wrong, and not with what steps in between have put around it. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing can fail in between
  private static <T extends @Nullable Object> CompletableFuture<T> itself(CompletableFuture<T> of) {
    var itself = new CompletableFuture<T>();
    of.whenComplete((answer, failure) -> {
      if (failure == null) {
        itself.complete(answer);
      } else {
        var cause = failure instanceof CompletionException ? failure.getCause() : null;
        itself.completeExceptionally(cause == null ? failure : cause);
      }
    });
    return itself;
  }

  /** Completes when all of these have, or one has failed. */
  public static KafkaFuture<@Nullable Void> allOf(KafkaFuture<?>... futures) {
    var all = new CompletableFuture<?>[futures.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = futures[i].future;
    }
    return new KafkaFuture<>(CompletableFuture.allOf(all).thenApply(nothing -> null));
  }

  /** The result of a function of the answer. */
  public <R> KafkaFuture<R> thenApply(Function<T, R> function) {
    return new KafkaFuture<>(future.thenApply(function));
  }

  /** Calls this in the end, with the answer or the failure; what it throws fails the result. */
  public KafkaFuture<T> whenComplete(
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action) {
    return new KafkaFuture<>(future.whenComplete(action));
  }

  /** For use with others, who cannot complete this one by it. */
  public CompletionStage<T> toCompletionStage() {
    return itself(future);
  }

  /** The answer if it is there. */
  public T getNow(T otherwise) {
    return future.getNow(otherwise);
  }

  /** Whether it failed. */
  public boolean isCompletedExceptionally() {
    return future.isCompletedExceptionally();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return future.cancel(mayInterruptIfRunning);
  }

  @Override
  public boolean isCancelled() {
    return future.isCancelled();
  }

  @Override
  public boolean isDone() {
    return future.isDone();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return future.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(timeout, unit);
  }
}
