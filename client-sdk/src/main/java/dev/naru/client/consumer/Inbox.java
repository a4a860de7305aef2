package dev.naru.client.consumer;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What other threads have for the consumer's thread, which takes it while it is inside a call.
 * Bounded by what was asked for: each answer was, and a wakeup, news of the group and a change of
 * the view are each told once until they are taken.
 */
final class Inbox {

  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private volatile boolean isClosed; // written by whoever closes the client, read by who waits

  /** Any thread. */
  void put(Runnable event) {
    events.add(event);
  }

  /** Nothing more will come: the client is closed. Any thread. */
  void close() {
    isClosed = true;
    put(() -> {}); // for a thread that waits
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Takes all that is there. */
  void take() {
    for (var event = events.poll(); event != null; event = events.poll()) {
      event.run();
    }
  }

  /** Waits for something, and takes all that is there then. */
  void await(long limitNanos) throws InterruptedException {
    var event = events.poll(limitNanos, TimeUnit.NANOSECONDS);
    if (event != null) {
      event.run();
      take();
    }
  }
}
