package dev.naru.log.store;

import dev.naru.log.Pace;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A pace that rises while work waits: slow at first, so that whoever writes and reads beside it
 * hardly notices, and twice as fast with each step, so that it does not fall behind for good. For
 * all threads together.
 */
public final class RisingPace implements Pace {

  private final long slowest;
  private final long fastest;
  private final LongSupplier nanoClock;
  private final LongConsumer wait;
  private long bytesPerSecond; // guarded by this
  private volatile DiskPace now;

  /**
   * Begins with the slowest; the other arguments are those of {@link DiskPace}.
   *
   * @param slowest bytes a second
   * @param fastest bytes a second; the same if it is not to rise
   */
  public RisingPace(long slowest, long fastest, LongSupplier nanoClock, LongConsumer wait) {
    this.slowest = slowest;
    this.fastest = fastest;
    this.nanoClock = nanoClock;
    this.wait = wait;
    this.bytesPerSecond = slowest;
    this.now = new DiskPace(slowest, nanoClock, wait);
  }

  @Override
  public void spent(long bytes) {
    now.spent(bytes);
  }

  /** What comes next has waited: twice as fast. */
  public synchronized void rise() {
    set(Math.min(2 * bytesPerSecond, fastest));
  }

  /** Nothing waits: as slow as at first. */
  public synchronized void rest() {
    set(slowest);
  }

  private void set(long wanted) {
    if (wanted != bytesPerSecond) {
      bytesPerSecond = wanted;
      now = new DiskPace(wanted, nanoClock, wait);
    }
  }
}
