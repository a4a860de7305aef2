package dev.naru.client.transport;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final Duration TURN_END_MAX = Duration.ofSeconds(1); // tasks never wait

  private final ScheduledExecutorService thread;
  private final LongSupplier nanoTime;
  private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed; // written by whoever closes, read by those who begin to wait

  /** Runs on an executor of one thread. */
  public ClientLoop(ScheduledExecutorService thread, LongSupplier nanoTime) {
    this.thread = thread;
    this.nanoTime = nanoTime;
  }

  /** The monotonic clock. */
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  /**
   * Runs a task on the loop, after those given before. Dropped once the client is closed: false
   * then.
   */
  public boolean execute(Runnable task) {
    try {
      thread.execute(guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("Task dropped: the client is closed", e);
      return false;
    }
  }

  /**
   * Runs a task on the loop, or, if the client is closed before its turn comes, this instead: on
   * the thread that closes it, or here.
   */
  public void execute(Runnable task, Runnable ifClosed) {
    var each = new Awaited(why -> ifClosed.run());
    awaited.add(each);
    boolean isOpen =
        execute(() -> {
          if (awaited.remove(each)) {
            task.run();
          }
        });
    if (!isOpen && awaited.remove(each)) {
      ifClosed.run();
    } else if (isClosed) {
      failAwaited();
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

  /**
   * Runs one of these on the loop once the future is complete, or the second one when the client is
   * closed before: nobody waits for ever.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are handed on
  public <T> void whenDone(
      CompletableFuture<T> future, Consumer<T> onResult, Consumer<NaruException> onFailure) {
    var each = new Awaited(onFailure);
    awaited.add(each);
    future.whenComplete((result, failure) ->
        execute(() -> {
          if (!awaited.remove(each)) {
            return; // it was closed meanwhile
          }
          if (failure == null) {
            onResult.accept(result);
          } else {
            onFailure.accept(Statuses.exceptionOf(failure));
          }
        }));
    if (isClosed) {
      failAwaited();
    }
  }

  /** Runs no more tasks, and waits for the present one. */
  public void stop() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(TURN_END_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the loop. What is still awaited fails, on the thread that calls this. */
  public void close() {
    isClosed = true;
    stop();
    failAwaited();
  }

  private void failAwaited() {
    for (var each : List.copyOf(awaited)) {
      if (awaited.remove(each)) {
        guarded(() -> each.onFailure.accept(closed())).run();
      }
    }
  }

  private static NaruException closed() {
    return new NaruTimeoutException(
        ErrorCode.REQUEST_TIMEOUT, "Expected an answer, but the client is closed");
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

  /** Somebody who waits for a future; itself and nobody else. */
  @SuppressWarnings("ClassCanBeRecord") // two that wait alike are two
  private static final class Awaited {

    private final Consumer<NaruException> onFailure;

    Awaited(Consumer<NaruException> onFailure) {
      this.onFailure = onFailure;
    }
  }
}
