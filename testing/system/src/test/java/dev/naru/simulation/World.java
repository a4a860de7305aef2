package dev.naru.simulation;

import java.util.PriorityQueue;

/**
 * Virtual time. What is due runs in the order of its time, what is due at the same time in the
 * order in which it was asked for, all on one thread. Idle time is skipped.
 */
final class World {

  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;

  /** Any number but zero, so that code notices that takes the origin for the beginning. */
  private static final long ORIGIN_NANOS = 1_000 * SECOND;

  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final Trace trace = new Trace(this);
  private long nowNanos = ORIGIN_NANOS;
  private long sequence;
  private long executed;

  private record Due(long atNanos, long sequence, Runnable action) implements Comparable<Due> {

    @Override
    public int compareTo(Due other) {
      int inTime = Long.compare(atNanos, other.atNanos);
      return inTime != 0 ? inTime : Long.compare(sequence, other.sequence);
    }
  }

  Trace trace() {
    return trace;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** The wall clock, which nothing may depend on. */
  long nowMillis() {
    return 1_767_225_600_000L + elapsedNanos() / MILLI;
  }

  long elapsedNanos() {
    return nowNanos - ORIGIN_NANOS;
  }

  /** How many events have run. */
  long executed() {
    return executed;
  }

  void after(long delayNanos, Runnable action) {
    queue.add(new Due(nowNanos + Math.max(0, delayNanos), sequence++, action));
  }

  /** Nothing is due before then. */
  void skipTo(long elapsedNanos) {
    nowNanos = Math.max(nowNanos, ORIGIN_NANOS + elapsedNanos);
  }

  /** Runs the next event; false when there is none until then. */
  boolean runNext(long untilElapsedNanos) {
    var next = queue.peek();
    if (next == null || next.atNanos() - ORIGIN_NANOS > untilElapsedNanos) {
      return false;
    }
    queue.remove();
    nowNanos = next.atNanos();
    executed++;
    trace.ran(next.sequence());
    next.action().run();
    return true;
  }
}
