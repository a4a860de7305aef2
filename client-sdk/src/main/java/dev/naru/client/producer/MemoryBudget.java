package dev.naru.client.producer;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code buffer.memory}: arrays lent to batches until they are settled, first come first served.
 * What counts is the size of arrays, not how full they are.
 */
final class MemoryBudget {

  private final ArrayPool arrays;
  private final ReentrantLock lock = new ReentrantLock(); // guards everything below
  private final ArrayDeque<Condition> waiters = new ArrayDeque<>();
  private long free;
  private boolean isClosed;
  private volatile boolean isShort; // written under the lock, read by the loop

  /** So many bytes, in arrays of this pool. */
  MemoryBudget(long total, ArrayPool arrays) {
    this.arrays = arrays;
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

  /**
   * Lends an array with room for so many bytes; null if the memory did not come free in time, or
   * the producer was closed.
   *
   * @param onWait called before it waits
   */
  byte @Nullable [] take(int bytes, long limitNanos, Runnable onWait) throws InterruptedException {
    return reserve(arrays.sizeFor(bytes), limitNanos, onWait) ? arrays.take(bytes) : null;
  }

  /**
   * Lends another array for one that is lent, with room for so many bytes, of which it has the same
   * at the beginning; null if it is larger and that memory is not at hand, or somebody waits for
   * it.
   *
   * @param used how many bytes are copied
   */
  byte @Nullable [] tryExchange(byte[] array, int used, int bytes) {
    long more = (long) arrays.sizeFor(bytes) - array.length;
    if (more > 0 && !tryReserve(more)) {
      return null;
    }
    byte[] other = arrays.take(bytes);
    System.arraycopy(array, 0, other, 0, used);
    arrays.give(array);
    if (more < 0) {
      release(-more);
    }
    return other;
  }

  /** Takes an array back; the giver forgets about it. */
  void giveBack(byte[] array) {
    arrays.give(array);
    release(array.length);
  }

  private boolean tryReserve(long bytes) {
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

  private boolean reserve(long bytes, long limitNanos, Runnable onWait)
      throws InterruptedException {
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

  private void release(long bytes) {
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
