package dev.naru.broker.partition;

import dev.naru.record.BatchBytes;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest batches of a partition, kept until every follower that keeps up has taken them, so
 * that the bytes a producer sent go on to followers without being read from the log. It holds what
 * it keeps.
 *
 * <p>Invariant: what is kept is one piece of the log, without gaps, up to its end.
 */
final class TailBuffers {

  /**
   * As much as a follower may have outstanding by default: one that is further behind reads the
   * log.
   */
  private static final long BYTES_MAX = 4 << 20;

  private final TailBudget budget;
  private final TreeMap<Long, BatchBytes> byFirstOffset = new TreeMap<>();
  private long bytes;

  TailBuffers(TailBudget budget) {
    this.budget = budget;
  }

  /** Keeps the batch that was just appended. */
  void append(long firstOffset, BatchBytes batch) {
    while (!byFirstOffset.isEmpty() && bytes + batch.size() > BYTES_MAX) {
      dropFirst();
    }
    if (budget.tryTake(batch.size())) {
      byFirstOffset.put(firstOffset, batch.retain());
      bytes += batch.size();
    } else {
      clear(); // a gap is worse than nothing
    }
  }

  Optional<BatchBytes> startingAt(long offset) {
    return Optional.ofNullable(byFirstOffset.get(offset));
  }

  /** Everybody who keeps up has what lies below. */
  void dropBelow(long offset) {
    while (!byFirstOffset.isEmpty() && byFirstOffset.firstKey() < offset) {
      dropFirst();
    }
  }

  void clear() {
    dropBelow(Long.MAX_VALUE);
  }

  private void dropFirst() {
    var batch = byFirstOffset.pollFirstEntry().getValue();
    bytes -= batch.size();
    budget.giveBack(batch.size());
    batch.release();
  }
}
