package dev.naru.client.producer;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** {@code buffer.memory}: bytes lent to batches until they are settled, first come first served. */
final class MemoryBudget {

  private final ReentrantLock lock = new ReentrantLock(); // guards everything below
  private final ArrayDeque<Condition> waiters = new ArrayDeque<>();
  private long free;
  private boolean isClosed;
  private volatile boolean isShort; // written under the lock, read by the loop

  MemoryBudget(long total) {
    this.free = total;
  }

  long free() {
    lock.lock();
    try {
      return free;
    } finally {
      lock.unlock();
    }
  }

  /** Takes so many bytes if they are free and nobody waits for them. */
  boolean tryReserve(long bytes) {
    lock.lock();
    try {
      if (!waiters.isEmpty() || free < bytes) {
        return false;
      }
      free -= bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody waits: batches had better not linger then. */
  boolean isShort() {
    return isShort;
  }

  /**
   * Takes so many bytes; false if they did not come free in time, or the producer was closed.
   *
   * @param onWait called before it waits
   */
  boolean reserve(long bytes, long limitNanos, Runnable onWait) throws InterruptedException {
    lock.lock();
    try {
      return tryReserve(bytes) || await(bytes, limitNanos, onWait);
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // a condition is itself and nothing else
  private boolean await(long bytes, long limitNanos, Runnable onWait) throws InterruptedException {
    var turn = lock.newCondition();
    waiters.addLast(turn);
    isShort = true;
    onWait.run();
    try {
      long left = limitNanos;
      while (waiters.peekFirst() != turn || free < bytes) {
        if (isClosed || left <= 0) {
          return false;
        }
        left = turn.awaitNanos(left);
      }
      free -= bytes;
      return true;
    } finally {
      waiters.remove(turn);
      isShort = !waiters.isEmpty();
      wakeFirst();
    }
  }

  /** Gives bytes back. */
  void release(long bytes) {
    lock.lock();
    try {
      free += bytes;
      wakeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody wait any longer. */
  void close() {
    lock.lock();
    try {
      isClosed = true;
      waiters.forEach(Condition::signal);
    } finally {
      lock.unlock();
    }
  }

  private void wakeFirst() {
    var first = waiters.peekFirst();
    if (first != null) {
      first.signal();
    }
  }
}
