package dev.naru.broker.partition;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How fast the leaders of a node together send to replicas that a move adds, as long as these are
 * neither in sync nor about to be: what clients wait for is never held up. Any thread may call it.
 */
public final class MovePace {

  /** The slowest that it changes to: one read of a log each second. */
  static final long BYTES_PER_SECOND_MIN = 1 << 20;

  /** Most of what is taken at once: one read of a log. */
  static final int TAKEN_MAX = 1 << 20;

  /**
   * What may be sent ahead: two ticks of a loop, so that a pace is kept though most feeds go on
   * with a tick only.
   */
  private static final double AHEAD_SECONDS = 0.2;

  private static final double SECOND_NANOS = 1_000_000_000;

  private final AtomicReference<Debt> debt;

  /**
   * What was taken and would not have been sent yet at this pace. It is kept in bytes, so that a
   * pace that was too slow is forgotten with the next one.
   *
   * @param bytes at this time
   */
  private record Debt(long bytesPerSecond, long bytes, long atNanos) {

    long bytesAt(long nowNanos) {
      double paid = (nowNanos - atNanos) / SECOND_NANOS * bytesPerSecond;
      return paid <= 0 ? bytes : (long) Math.max(0, bytes - paid);
    }

    long bytesAhead() {
      return (long) (bytesPerSecond * AHEAD_SECONDS);
    }
  }

  /**
   * Begins with this pace.
   *
   * @param nowNanos by the clock of the loops
   */
  public MovePace(long bytesPerSecond, long nowNanos) {
    debt = new AtomicReference<>(new Debt(bytesPerSecond, 0, nowNanos));
  }

  /** From now on so many bytes a second, at least a mebibyte. */
  public void change(long toBytesPerSecond) {
    long pace = Math.max(BYTES_PER_SECOND_MIN, toBytesPerSecond);
    debt.updateAndGet(old -> {
      long bytesMax = new Debt(pace, 0, 0).bytesAhead() + TAKEN_MAX;
      return new Debt(pace, Math.min(old.bytes, bytesMax), old.atNanos);
    });
  }

  /**
   * Whether so much may be sent now; then it counts as sent. It is to be asked before anything is
   * read: of many who are sent to at once each would find that nothing was sent yet.
   */
  boolean take(int bytes, long nowNanos) {
    while (true) {
      var old = debt.get();
      long owed = old.bytesAt(nowNanos);
      if (owed > old.bytesAhead()) {
        return false;
      }
      if (debt.compareAndSet(old, new Debt(old.bytesPerSecond, owed + bytes, nowNanos))) {
        return true;
      }
    }
  }

  /** So much of what was taken was not needed; if it is negative, more was. */
  void giveBack(int bytes) {
    debt.updateAndGet(
        old -> new Debt(old.bytesPerSecond, Math.max(0, old.bytes - bytes), old.atNanos));
  }
}
