package dev.naru.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What makes views and tickets of a log worthless: it was cut, or it was closed; and what makes
 * only views so: closed segments were taken out of it, or replaced. Written by the log's owner,
 * read by readers and by the thread that forces.
 */
final class LogLife {

  private static final long CLOSED = -1;

  private final AtomicLong cuts = new AtomicLong();
  private final AtomicLong swaps = new AtomicLong();

  /** How many cuts there have been; another number for each, and for the end. */
  long now() {
    return cuts.get();
  }

  /** How many times closed segments were dropped or replaced. */
  long swaps() {
    return swaps.get();
  }

  /** To be called before anything is cut. */
  void cut() {
    cuts.updateAndGet(count -> count == CLOSED ? CLOSED : count + 1);
  }

  /** To be called before files of closed segments go. What is durable stays so. */
  void swap() {
    swaps.incrementAndGet();
  }

  /** To be called before the files are closed. */
  void close() {
    cuts.set(CLOSED);
  }

  boolean isClosed() {
    return cuts.get() == CLOSED;
  }
}
