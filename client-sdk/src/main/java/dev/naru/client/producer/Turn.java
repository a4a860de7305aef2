package dev.naru.client.producer;

import dev.naru.client.core.StickyPartitioner;
import java.util.function.IntPredicate;

/** One partition's part in the sticky spreading of records without a key. */
record Turn(StickyPartitioner partitioner, int partition, IntPredicate hasLeader) {

  /** A record was appended; called under the lock of the partition's queue. */
  void appended(int recordBytes) {
    partitioner.appended(partition, recordBytes, hasLeader);
  }

  /** The batch is full; the next record goes elsewhere. */
  void end() {
    partitioner.endTurn(partition, hasLeader);
  }
}
