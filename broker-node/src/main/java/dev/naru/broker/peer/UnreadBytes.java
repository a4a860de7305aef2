package dev.naru.broker.peer;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes have come from a leader that no partition has dealt with yet. The event loop of
 * the connection counts them in and looks for room; loops count them out, and wake the event loop
 * only if it has looked in vain: to be woken for each batch would cost as much as receiving one.
 */
final class UnreadBytes {

  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean isAwaited = new AtomicBoolean();

  UnreadBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void came(int more) {
    bytes.addAndGet(more);
  }

  /** Returns whether there is room now for whom there was none. */
  boolean dealtWith(int some) {
    bytes.addAndGet(-some);
    return isAwaited.get() && isBelowMax() && isAwaited.compareAndSet(true, false);
  }

  /** Whether more may come; if not, {@link #dealtWith} will tell. */
  boolean hasRoom() {
    if (isBelowMax()) {
      return true;
    }
    isAwaited.set(true);
    return isBelowMax(); // there may have been room again before anybody could know who waits
  }

  private boolean isBelowMax() {
    return bytes.get() < bytesMax;
  }
}
