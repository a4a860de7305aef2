package dev.naru.client.producer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what became of records on the callback thread, a batch at a time. While an application's
 * callbacks are slower than its records, the sender holds back, memory fills and {@code send}
 * waits: so the queue here is bounded.
 */
final class Completions {

  private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

  /**
   * Enough that callbacks are never short of work, and at the default batch size 16 MiB of records.
   */
  private static final int BATCHES_MAX = 1024;

  private final Executor callbackThread;
  private final Runnable hasRoomAgain;
  private final AtomicInteger waiting = new AtomicInteger();

  Completions(Executor callbackThread, Runnable hasRoomAgain) {
    this.callbackThread = callbackThread;
    this.hasRoomAgain = hasRoomAgain;
  }

  boolean hasRoom() {
    return waiting.get() < BATCHES_MAX;
  }

  void run(Runnable completion) {
    waiting.incrementAndGet();
    try {
      callbackThread.execute(() -> complete(completion));
    } catch (RejectedExecutionException e) {
      complete(completion); // closed: nobody else is left to call them
    }
  }

  /** Completes once everything given before has run. */
  CompletableFuture<Void> reached() {
    var reached = new CompletableFuture<Void>();
    run(() -> reached.complete(null));
    return reached;
  }

  private void complete(Runnable completion) {
    try {
      completion.run();
    } catch (RuntimeException e) {
      LOG.error("Expected callbacks to be called, but that failed", e);
    } finally {
      if (waiting.getAndDecrement() == BATCHES_MAX) {
        hasRoomAgain.run();
      }
    }
  }
}
