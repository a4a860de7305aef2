package dev.naru.broker.partition;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast the leaders of a node together send to replicas that a move adds, as long as these are
 * neither in sync nor about to be: what clients wait for is never held up. Any thread may call it.
 */
public final class MovePace {

  /**
   * What may be sent ahead: two ticks of a loop, so that a pace is kept though most feeds go on
   * with a tick only.
   */
  private static final long AHEAD_NANOS = 200_000_000L;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final AtomicLong bytesPerSecond;

  /** When all that was sent would have been sent at this pace. */
  private final AtomicLong paidUntilNanos;

  /**
   * Begins with this pace.
   *
   * @param nowNanos by the clock of the loops
   */
  public MovePace(long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = new AtomicLong(bytesPerSecond);
    this.paidUntilNanos = new AtomicLong(nowNanos);
  }

  /** From now on so many bytes a second, at least one. */
  public void change(long toBytesPerSecond) {
    bytesPerSecond.set(Math.max(1, toBytesPerSecond));
  }

  /** Whether anything may be sent now. */
  boolean maySend(long nowNanos) {
    return paidUntilNanos.get() - nowNanos <= AHEAD_NANOS;
  }

  /** So much was sent. */
  void sent(int bytes, long nowNanos) {
    long cost = Math.multiplyExact((long) bytes, SECOND_NANOS) / bytesPerSecond.get();
    paidUntilNanos.updateAndGet(until -> until - nowNanos > 0 ? until + cost : nowNanos + cost);
  }
}
