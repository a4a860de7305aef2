package dev.naru.log.store;

import dev.naru.log.Pace;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A pace that rises while work waits: slow at first, so that whoever writes and reads beside it
 * hardly notices, and twice as fast with each step, so that it does not fall behind for good. For
 * all threads together.
 */
public final class RisingPace implements Pace {

  private final Supplier<Bounds> bounds;
  private final LongSupplier nanoClock;
  private final LongConsumer wait;
  private long bytesPerSecond; // guarded by this
  private volatile DiskPace now;

  /**
   * Between which paces it rises.
   *
   * @param slowest bytes a second
   * @param fastest bytes a second; the same if it is not to rise
   */
  public record Bounds(long slowest, long fastest) {}

  /**
   * Begins with the slowest; the other arguments are those of {@link DiskPace}.
   *
   * @param bounds asked for whenever something is spent
   */
  public RisingPace(Supplier<Bounds> bounds, LongSupplier nanoClock, LongConsumer wait) {
    this.bounds = bounds;
    this.nanoClock = nanoClock;
    this.wait = wait;
    this.bytesPerSecond = bounds.get().slowest();
    this.now = new DiskPace(bytesPerSecond, nanoClock, wait);
  }

  @Override
  public void spent(long bytes) {
    keepWithin(bounds.get());
    now.spent(bytes);
  }

  private synchronized void keepWithin(Bounds present) {
    set(Math.clamp(bytesPerSecond, present.slowest(), present.fastest()));
  }

  /** What comes next has waited: twice as fast. */
  public synchronized void rise() {
    set(Math.min(2 * bytesPerSecond, bounds.get().fastest()));
  }

  /** Nothing waits: as slow as at first. */
  public synchronized void rest() {
    set(bounds.get().slowest());
  }

  private void set(long wanted) {
    if (wanted != bytesPerSecond) {
      bytesPerSecond = wanted;
      now = new DiskPace(wanted, nanoClock, wait);
    }
  }
}
