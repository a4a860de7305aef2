package dev.naru.log.recovery;

import dev.naru.log.segment.SegmentState;
import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.util.Optional;

/**
 * How far a log is on disk for certain, and what must be found there. Everything below {@link #end}
 * that is bad or missing later is damage; everything above may be the work of a crash.
 *
 * @param start the log's first offset
 * @param state of the segment that held the end of the log, up to there
 * @param last the batch that ends there, also when it lies in the segment before; empty when there
 *     is none
 * @param hasProducers whether a producer with numbers has written to the log, or to the one it was
 *     copied from; else nobody has to look for them
 */
public record DurablePoint(
    PartitionId partition,
    long start,
    SegmentState state,
    Optional<LastBatch> last,
    boolean hasProducers) {

  /** Refuses a segment with batches of which none is the last. */
  public DurablePoint {
    if (last.isEmpty() && !state.isEmpty()) {
      throw new IllegalArgumentException("Expected a last batch in " + state + ", but was none");
    }
  }

  /** The point at which this segment ends with this batch. */
  public static DurablePoint at(
      PartitionId partition,
      long start,
      SegmentState state,
      Optional<BatchHeader> lastBatch,
      boolean hasProducers) {
    return new DurablePoint(partition, start, state, lastBatch.map(LastBatch::of), hasProducers);
  }

  /** Of an empty log that begins here. */
  public static DurablePoint empty(PartitionId partition, long start) {
    return new DurablePoint(partition, start, SegmentState.empty(start), Optional.empty(), false);
  }

  /** All below is durable. */
  public long end() {
    return state.end();
  }

  /** What is known of a batch. */
  public record LastBatch(int epoch, int crc, int bytes) {

    static LastBatch of(BatchHeader header) {
      return new LastBatch(header.leaderEpoch(), header.crc(), header.sizeInBytes());
    }
  }
}
