package dev.naru.log.store;

import dev.naru.log.Pace;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lets so many bytes a second through, for all threads together: who has spent more waits until the
 * time for it has passed. What was not used is not saved up.
 */
public final class DiskPace implements Pace {

  private static final long NANOS = 1_000_000_000L;

  private final double nanosPerByte;
  private final LongSupplier nanoClock;
  private final LongConsumer wait;
  private long freeAtNanos; // guarded by this: when all that was spent is paid for

  /**
   * At this many bytes a second.
   *
   * @param wait waits for so many nanoseconds, or less
   */
  public DiskPace(long bytesPerSecond, LongSupplier nanoClock, LongConsumer wait) {
    this.nanosPerByte = (double) NANOS / bytesPerSecond;
    this.nanoClock = nanoClock;
    this.wait = wait;
    this.freeAtNanos = nanoClock.getAsLong();
  }

  @Override
  public void spent(long bytes) {
    long waitNanos = book(bytes);
    if (waitNanos > 0) {
      wait.accept(waitNanos);
    }
  }

  private synchronized long book(long bytes) {
    long now = nanoClock.getAsLong();
    long from = Math.max(0, freeAtNanos - now);
    freeAtNanos = now + from + (long) (bytes * nanosPerByte);
    return from;
  }
}
