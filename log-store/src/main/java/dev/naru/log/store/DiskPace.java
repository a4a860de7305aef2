package dev.naru.log.store;

import dev.naru.log.Pace;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Lets so many bytes a second through, for all threads together: who has spent more waits until the
 * time for it has passed. What was not used is not saved up. Another rate counts within a second,
 * also for what was spent before and is waited for.
 */
public final class DiskPace implements Pace {

  private static final long NANOS = 1_000_000_000L;

  /** After so long the rate is asked for again. */
  private static final long WAIT_NANOS_MAX = NANOS;

  private final LongSupplier bytesPerSecond;
  private final LongSupplier nanoClock;
  private final LongPredicate wait;
  private long spent; // guarded by this, as the next two
  private double paid; // of what was spent: the time for so much has passed
  private long paidAtNanos;

  /**
   * At so many bytes a second.
   *
   * @param wait waits for so many nanoseconds, or less; false: nobody is to wait any longer
   */
  public DiskPace(LongSupplier bytesPerSecond, LongSupplier nanoClock, LongPredicate wait) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoClock = nanoClock;
    this.wait = wait;
    this.paidAtNanos = nanoClock.getAsLong();
  }

  @Override
  public void spent(long bytes) {
    long before = book(bytes);
    long left = waitNanos(before);
    while (left > 0 && wait.test(Math.min(left, WAIT_NANOS_MAX))) {
      left = waitNanos(before);
    }
  }

  /** What was spent until now, by all; the caller waits until that is paid. */
  private synchronized long book(long bytes) {
    pay(bytesPerSecond.getAsLong());
    long before = spent;
    spent += bytes;
    return before;
  }

  private synchronized long waitNanos(long until) {
    long rate = bytesPerSecond.getAsLong();
    pay(rate);
    return (long) Math.ceil(((double) until - paid) * NANOS / rate);
  }

  private void pay(long rate) {
    long now = nanoClock.getAsLong();
    paid = Math.min((double) spent, paid + (double) (now - paidAtNanos) * rate / NANOS);
    paidAtNanos = now;
  }
}
