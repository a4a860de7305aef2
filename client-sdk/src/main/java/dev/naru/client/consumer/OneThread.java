package dev.naru.client.consumer;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Notices when two threads use something at once that belongs to one. */
final class OneThread {

  private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();
  private final Call call = () -> inside.set(null);

  /**
   * Begins a call.
   *
   * @throws IllegalStateException if another one is going on
   */
  Call enter() {
    var current = Thread.currentThread();
    if (!inside.compareAndSet(null, current)) {
      throw new IllegalStateException(
          "Expected one thread at a time, but "
              + inside.get()
              + " is inside while "
              + current
              + " calls");
    }
    return call;
  }

  /** A call that is going on. */
  interface Call extends AutoCloseable {
    @Override
    void close();
  }
}
