package dev.naru.client.consumer;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Notices when two threads use something at once that belongs to one. Only what it calls back
 * within a call may call it again, on the same thread.
 */
public final class OneThread {

  private static final Call NESTED = () -> {};

  private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();
  private final Call call = () -> inside.set(null);
  private boolean isCallingBack; // touched by the thread inside only

  /**
   * Begins a call.
   *
   * @throws IllegalStateException if another one is going on
   */
  public Call enter() {
    return isNested() ? NESTED : begin();
  }

  /**
   * Begins a call that cannot be made from a callback.
   *
   * @throws IllegalStateException if another one is going on, or this is a callback
   */
  public Call enterFromOutside() {
    if (isNested()) {
      throw new IllegalStateException(
          "Expected a listener or callback not to poll, assign, subscribe or close, but it did");
    }
    return begin();
  }

  private Call begin() {
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

  private boolean isNested() {
    return Thread.currentThread().equals(inside.get()) && isCallingBack;
  }

  /** Whether the present call is made from a callback. For the thread that is inside. */
  public boolean isCallingBack() {
    return isCallingBack;
  }

  /** Runs what may call again. For the thread that is inside. */
  public void callBack(Runnable callback) {
    boolean before = isCallingBack;
    isCallingBack = true;
    try {
      callback.run();
    } finally {
      isCallingBack = before;
    }
  }

  /** A call that is going on. */
  public interface Call extends AutoCloseable {
    @Override
    void close();
  }
}
