package dev.naru.log.store;

import dev.naru.log.Pace;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A pace that rises while work waits: slow at first, so that whoever writes and reads beside it
 * hardly notices, and twice as fast with each step, so that it does not fall behind for good. For
 * all threads together.
 */
public final class RisingPace implements Pace {

  private final Supplier<Bounds> bounds;
  private final DiskPace pace;
  private long bytesPerSecond; // guarded by this

  /**
   * Between which paces it rises.
   *
   * @param slowest bytes a second, above 0
   * @param fastest bytes a second; the same if it is not to rise
   */
  public record Bounds(long slowest, long fastest) {}

  /**
   * Begins with the slowest; the other arguments are those of {@link DiskPace}.
   *
   * @param bounds asked for whenever something is spent, and each second while that is waited for
   */
  public RisingPace(Supplier<Bounds> bounds, LongSupplier nanoClock, LongPredicate wait) {
    this.bounds = bounds;
    this.bytesPerSecond = bounds.get().slowest();
    this.pace = new DiskPace(this::bytesPerSecond, nanoClock, wait);
  }

  @Override
  public void spent(long bytes) {
    pace.spent(bytes);
  }

  private synchronized long bytesPerSecond() {
    var present = bounds.get();
    bytesPerSecond = Math.clamp(bytesPerSecond, present.slowest(), present.fastest());
    return bytesPerSecond;
  }

  /** What comes next has waited: twice as fast. */
  public synchronized void rise() {
    bytesPerSecond = Math.min(2 * bytesPerSecond, bounds.get().fastest());
  }

  /** Nothing waits: as slow as at first. */
  public synchronized void rest() {
    bytesPerSecond = bounds.get().slowest();
  }
}
