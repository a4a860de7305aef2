package dev.naru.broker.partition;

import dev.naru.types.Refused;

/**
 * What lives with the leader of a partition of one of Naru's own topics, for one leader epoch: it
 * alone writes to the partition's log, and answers from what it wrote. Owned by the partition's
 * loop, which makes all calls; a fault that is thrown stops the partition.
 *
 * <p>Another leader epoch means another object, so that nothing learned in one epoch is used in the
 * next.
 */
public interface Tenant {

  /** Takes in what was asked of it, or what it has waited for. */
  void take(TenantInput input);

  /**
   * Everything below this offset is committed. May be called from within an append of its own.
   *
   * @param highWatermark rises
   */
  void committed(long highWatermark);

  /** Time passes; monotonic clock. */
  void tick(long nowNanos);

  /** The turn is over: what is worth doing once for many inputs. */
  void settle();

  /** Whether ticks change nothing until something else comes in. */
  boolean isAtRest();

  /**
   * Whether it has yet to write what it knew when it began: until that is committed nobody is told
   * where the log ends.
   */
  default boolean isBehind() {
    return false;
  }

  /**
   * The leader epoch is over: whoever waits for an answer gets this one. Nothing is called
   * afterwards.
   */
  void resign(Refused why);
}
