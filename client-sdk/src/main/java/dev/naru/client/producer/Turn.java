package dev.naru.client.producer;

import dev.naru.client.core.StickyPartitioner;
import java.util.function.IntPredicate;

/**
 * One partition's part in the sticky spreading of records without a key.
 *
 * @param mayBeLong whether its batch is filled while nodes have enough to do
 * @param ended called at the end of each turn by the thread that ended it, maybe under the lock of
 *     the partition's queue: so it may not wait
 */
record Turn(
    StickyPartitioner partitioner,
    int partition,
    boolean mayBeLong,
    IntPredicate hasLeader,
    Runnable ended) {

  /**
   * A record was appended; called under the lock of the partition's queue. Returns whether the turn
   * goes on.
   */
  boolean appended(int recordBytes) {
    boolean goesOn = partitioner.appended(partition, recordBytes, hasLeader);
    if (!goesOn) {
      ended.run();
    }
    return goesOn;
  }

  /** The batch is full; the next record goes elsewhere. */
  void end() {
    partitioner.endTurn(partition, hasLeader);
    ended.run();
  }
}
