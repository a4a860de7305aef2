package dev.naru.cli.records;

import dev.naru.client.RecordAck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows records from their sending to their acknowledgement, in the order of the input, on a
 * thread of its own: a reader of the output sees an acknowledgement when it comes, also while the
 * next line of input does not. After the first failure the rest is only counted.
 */
final class AckLedger {

  /** Of records that are sent and not yet counted; the producer's memory bounds their bytes. */
  private static final int SENT_MAX = 100_000;

  private final BlockingQueue<Entry> sent = new ArrayBlockingQueue<>(SENT_MAX);
  private final Consumer<RecordAck> onAck;
  private final Runnable onIdle;
  private final Thread thread = new Thread(this::follow, "acks");

  private final AtomicLong acked = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong added = new AtomicLong();
  private volatile @Nullable Failure firstFailure; // written by the thread above, read by all

  /**
   * Begins to follow.
   *
   * @param onAck told of each acknowledgement, in order
   * @param onIdle told when no further acknowledgement is there
   */
  AckLedger(Consumer<RecordAck> onAck, Runnable onIdle) {
    this.onAck = onAck;
    this.onIdle = onIdle;
    thread.setDaemon(true);
    thread.start();
  }

  /** What the first failure was, and the number of the record. */
  record Failure(long number, Throwable cause) {}

  /** How many were acknowledged, have failed, and are neither. */
  record Count(long acked, long failed, long unknown) {}

  /** One more record was sent; waits while too many are on their way. One thread calls this. */
  void add(long number, CompletableFuture<RecordAck> ack) {
    put(new Sent(number, ack));
    added.incrementAndGet();
  }

  boolean hasFailed() {
    return firstFailure != null;
  }

  Optional<Failure> firstFailure() {
    return Optional.ofNullable(firstFailure);
  }

  Count count() {
    return new Count(acked.get(), failed.get(), added.get() - acked.get() - failed.get());
  }

  /** Waits until every record is acknowledged or has failed. */
  void awaitAll() {
    put(new End());
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for acks, but was interrupted", e);
    }
  }

  /** Waits for them only so long. */
  void awaitAll(Duration limit) {
    sent.offer(new End());
    try {
      thread.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void put(Entry entry) {
    try {
      sent.put(entry);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for acks, but was interrupted", e);
    }
  }

  private void follow() {
    while (true) {
      switch (next()) {
        case Sent(long number, var ack) -> settle(number, ack);
        case End() -> {
          idle();
          return;
        }
      }
    }
  }

  private Entry next() {
    Entry ready = sent.poll();
    boolean mustWait =
        ready == null || (ready instanceof Sent(long number, var ack) && !ack.isDone());
    if (mustWait) {
      idle();
    }
    try {
      return ready == null ? sent.take() : ready;
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for records, but was interrupted", e);
    }
  }

  private void settle(long number, CompletableFuture<RecordAck> ack) {
    try {
      var stored = ack.join();
      acked.incrementAndGet();
      if (!hasFailed()) {
        onAck.accept(stored);
      }
    } catch (CompletionException e) {
      failed.incrementAndGet();
      remember(new Failure(number, Optional.ofNullable(e.getCause()).orElse(e)));
    } catch (RuntimeException e) { // the output; the record itself is stored
      remember(new Failure(number, e));
    }
  }

  private void idle() {
    try {
      onIdle.run();
    } catch (RuntimeException e) {
      remember(new Failure(added.get(), e));
    }
  }

  private void remember(Failure failure) {
    if (firstFailure == null) {
      firstFailure = failure;
    }
  }

  private sealed interface Entry {}

  private record Sent(long number, CompletableFuture<RecordAck> ack) implements Entry {}

  private record End() implements Entry {}
}
