package dev.naru.client.core;

import java.util.function.IntPredicate;

/**
 * Spreads the records of one topic that have no key: a batch to one partition, then to the next, so
 * that batches are full and partitions even. Partitions without a leader are passed over while
 * others have one.
 *
 * <p>Any thread asks for the partition. What was appended is told under the lock of that
 * partition's queue: so each count has one writer at a time. Two threads that move on at once may
 * skip a turn, which evens out.
 */
public final class StickyPartitioner {

  private final int partitions;
  private final int turnBytes;
  private final int[] bytes;
  private volatile int current; // read by every sending thread, written when a turn ends

  /**
   * Begins at a partition of the caller's choice, so that clients do not all begin at the first.
   */
  public StickyPartitioner(int partitions, int turnBytes, int first) {
    this.partitions = partitions;
    this.turnBytes = Math.max(turnBytes, 1);
    this.bytes = new int[partitions];
    this.current = first % partitions;
  }

  /** The partition whose turn it is. */
  public int current() {
    return current;
  }

  /** Counts a record that was appended, and ends the turn once a batch's worth is there. */
  public void appended(int partition, int recordBytes, IntPredicate hasLeader) {
    bytes[partition] += recordBytes;
    if (bytes[partition] >= turnBytes) {
      endTurn(partition, hasLeader);
    }
  }

  /** Ends the turn of a partition whose batch is full. */
  public void endTurn(int partition, IntPredicate hasLeader) {
    bytes[partition] = 0;
    if (current == partition) {
      current = next(partition, hasLeader);
    }
  }

  private int next(int partition, IntPredicate hasLeader) {
    for (int step = 1; step < partitions; step++) {
      int candidate = (partition + step) % partitions;
      if (hasLeader.test(candidate)) {
        return candidate;
      }
    }
    return (partition + 1) % partitions;
  }
}
