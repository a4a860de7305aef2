package dev.naru.client.core;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/**
 * Spreads the records of one topic that have no key: a batch to one partition, then to the next, so
 * that batches are full and partitions even. Whoever had a long turn is passed over until the
 * others have had as much. Partitions without a leader are passed over while others have one.
 *
 * <p>Any thread asks for the partition. What was appended is told under the lock of that
 * partition's queue; turns end one at a time. Two threads that end the same turn may skip one,
 * which evens out.
 */
public final class StickyPartitioner {

  private final int partitions;
  private final int shareBytes;
  private final IntSupplier turnBytes;
  private final int[] bytes; // of each turn under way; a race with its end costs a partial count
  private final long[] bytesAhead; // guarded by this; what each had beyond a share a turn, or less
  private volatile int current; // read by every sending thread, written when a turn ends

  /**
   * Begins at a partition of the caller's choice, so that clients do not all begin at the first.
   *
   * @param shareBytes what each partition is to have in turn, seen over time
   * @param turnBytes when a turn ends now: after a share, or more. Asked after each record
   */
  public StickyPartitioner(int partitions, int shareBytes, IntSupplier turnBytes, int first) {
    this.partitions = partitions;
    this.shareBytes = Math.max(shareBytes, 1);
    this.turnBytes = turnBytes;
    this.bytes = new int[partitions];
    this.bytesAhead = new long[partitions];
    this.current = first % partitions;
  }

  /** The partition whose turn it is. */
  public int current() {
    return current;
  }

  /**
   * Counts a record that was appended. Ends the turn if that was enough; returns whether it goes
   * on. A straggler's does not, who asked for the partition before another thread ended the turn.
   */
  public boolean appended(int partition, int recordBytes, IntPredicate hasLeader) {
    bytes[partition] += recordBytes;
    if (bytes[partition] < turnBytes.getAsInt()) {
      return current == partition;
    }
    endTurn(partition, hasLeader);
    return false;
  }

  /** Ends the turn of a partition whose batch is full. */
  public synchronized void endTurn(int partition, IntPredicate hasLeader) {
    boolean isStraggler = current != partition; // its turn has been counted
    long had = bytesAhead[partition] + bytes[partition] - (isStraggler ? 0 : shareBytes);
    bytesAhead[partition] = Math.max(had, -shareBytes);
    bytes[partition] = 0;
    if (!isStraggler) {
      current = next(partition, hasLeader);
    }
  }

  private int next(int partition, IntPredicate hasLeader) {
    return notAhead(partition, hasLeader)
        .orElseGet(() -> {
          forgiveAll();
          return notAhead(partition, hasLeader).orElse((partition + 1) % partitions);
        });
  }

  /** The next one that is not ahead by a share; to be passed over costs one. */
  private OptionalInt notAhead(int partition, IntPredicate hasLeader) {
    for (int step = 1; step <= partitions; step++) {
      int candidate = (partition + step) % partitions;
      if (hasLeader.test(candidate)) {
        if (bytesAhead[candidate] < shareBytes) {
          return OptionalInt.of(candidate);
        }
        bytesAhead[candidate] -= shareBytes;
      }
    }
    return OptionalInt.empty();
  }

  /** If all are ahead, none is. */
  private void forgiveAll() {
    long least = Arrays.stream(bytesAhead).filter(ahead -> ahead >= shareBytes).min().orElse(0);
    for (int i = 0; i < partitions; i++) {
      bytesAhead[i] = Math.max(bytesAhead[i] - least, -shareBytes);
    }
  }
}
