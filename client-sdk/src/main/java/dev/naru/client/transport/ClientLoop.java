package dev.naru.client.transport;

import dev.naru.client.NaruException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a client's state: the cluster view and everything that waits to be sent.
 * Other threads hand it tasks. Tasks never wait.
 */
public final class ClientLoop {

  private static final Logger LOG = LoggerFactory.getLogger(ClientLoop.class);

  private final ScheduledExecutorService thread;
  private final LongSupplier nanoTime;

  /** Runs on an executor of one thread. */
  public ClientLoop(ScheduledExecutorService thread, LongSupplier nanoTime) {
    this.thread = thread;
    this.nanoTime = nanoTime;
  }

  /** The monotonic clock. */
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Runs a task on the loop, after those given before. Dropped once the client is closed. */
  public void execute(Runnable task) {
    try {
      thread.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("Task dropped: the client is closed", e);
    }
  }

  /** Runs a task on the loop after so long. Dropped once the client is closed. */
  @SuppressWarnings("FutureReturnValueIgnored") // what it throws is logged, and nobody cancels it
  public void schedule(long delayNanos, Runnable task) {
    try {
      thread.schedule(guarded(task), delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Task dropped: the client is closed", e);
    }
  }

  /** Runs one of these on the loop once the future is complete. */
  @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are handed on
  public <T> void whenDone(
      CompletableFuture<T> future, Consumer<T> onResult, Consumer<NaruException> onFailure) {
    future.whenComplete((result, failure) ->
        execute(() -> {
          if (failure == null) {
            onResult.accept(result);
          } else {
            onFailure.accept(Statuses.exceptionOf(failure));
          }
        }));
  }

  /** An executor would swallow what a task throws. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("Expected a task of the client's loop to end, but it failed", e);
      }
    };
  }
}
