package dev.naru.broker.partition;

import dev.naru.broker.replica.FollowerLag;
import java.util.List;
import java.util.function.Supplier;

/**
 * How far the followers of a partition are behind, as its leader says about once a second while one
 * may be. A leader at rest says nothing: then all have everything. Written by the partition's
 * owner, read by any thread.
 */
public final class FollowerLags {

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  /**
   * Twice the interval and a late tick: whoever says nothing for so long is at rest, or no leader.
   */
  private static final long TOLD_NANOS_MAX = 3 * INTERVAL_NANOS;

  private record Told(long nowNanos, List<FollowerLag> lags) {}

  private static final Told NOTHING = new Told(0, List.of());

  private volatile Told told = NOTHING;

  /** A leader's tick. */
  void tick(long nowNanos, Supplier<List<FollowerLag>> lags) {
    var before = told;
    if (before.equals(NOTHING) || nowNanos - before.nowNanos >= INTERVAL_NANOS) {
      told = new Told(nowNanos, lags.get());
    }
  }

  /** Of each follower that may be behind. */
  public List<FollowerLag> at(long nowNanos) {
    var last = told;
    return nowNanos - last.nowNanos <= TOLD_NANOS_MAX ? last.lags : List.of();
  }
}
