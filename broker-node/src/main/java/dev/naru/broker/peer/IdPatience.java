package dev.naru.broker.peer;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How long a starting node bears to hear that a live node has its id ({@code NODE_ID_IN_USE}): as
 * long as that may be the node that was here before, whose death the cluster has yet to notice.
 *
 * <p>The time runs from the first such answer, not from the first question: a cluster without a
 * quorum notices nobody's death, and once it has one again its controller gives every node a full
 * timeout.
 *
 * <p>Belongs to one thread.
 */
public final class IdPatience {

  private final Duration limit;
  private OptionalLong firstHeardNanos = OptionalLong.empty();

  /**
   * Has not heard it yet.
   *
   * @param limit zero: none at all
   */
  public IdPatience(Duration limit) {
    this.limit = limit;
  }

  /** Whether to ask again after one more such answer, heard now. */
  public boolean lasts(long nowNanos) {
    if (firstHeardNanos.isEmpty()) {
      firstHeardNanos = OptionalLong.of(nowNanos);
    }
    return nowNanos - firstHeardNanos.getAsLong() < limit.toNanos();
  }
}
