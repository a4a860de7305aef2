package dev.naru.broker.peer;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How many bytes have come from a leader that no partition has dealt with yet. The event loop of
 * the connection counts them in and looks for room; loops count them out, and wake the event loop
 * only if it has looked in vain: to be woken for each batch would cost as much as receiving one.
 */
final class UnreadBytes {

  private final long bytesMax;

  /** Both in one, or room could come unseen between a look and the word that it was in vain. */
  private final AtomicReference<Count> count = new AtomicReference<>(new Count(0, false));

  UnreadBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Counts in what was received. */
  void came(int more) {
    count.updateAndGet(now -> new Count(now.bytes + more, now.isRoomAwaited));
  }

  /** Counts it out. True once for an event loop that has looked in vain and has room now. */
  boolean dealtWith(int some) {
    var before = count.getAndUpdate(now -> without(now, some));
    return before.isRoomAwaited && !without(before, some).isRoomAwaited;
  }

  private Count without(Count now, int some) {
    long left = now.bytes - some;
    return new Count(left, now.isRoomAwaited && left >= bytesMax);
  }

  /** Whether more may come; if not, {@link #dealtWith} says when. */
  boolean hasRoom() {
    var looked = count.updateAndGet(now -> new Count(now.bytes, now.bytes >= bytesMax));
    return !looked.isRoomAwaited;
  }

  /**
   * What is unread.
   *
   * @param isRoomAwaited whether the event loop has looked in vain, and nobody has told it since
   */
  private record Count(long bytes, boolean isRoomAwaited) {}
}
