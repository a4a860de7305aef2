package dev.naru.log.recovery;

import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.segment.ActiveSegment;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentList;
import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.util.Optional;

/** The parts of a log that can go on. All of it is durable. */
public record RecoveredLog(
    long start,
    SegmentList closed,
    ActiveSegment active,
    EpochHistory epochs,
    Optional<BatchHeader> lastBatch,
    FoundProducers producers) {

  /**
   * Throws {@link LogDamagedException} if the last batch cannot be read: a log that could not tell
   * its epoch and checksum would pass for one that fits any leader's.
   */
  static RecoveredLog of(
      long start,
      SegmentList closed,
      ActiveSegment active,
      EpochHistory epochs,
      FoundProducers producers) {
    long end = active.state().end();
    Optional<Segment> last =
        active.state().isEmpty() ? closed.holding(end - 1) : Optional.of(active.snapshot());
    var lastBatch =
        end > start
            ? Optional.of(last.orElseThrow().lastBatchBelow(end))
            : last.flatMap(segment -> segment.batchEndingAt(end));
    return new RecoveredLog(start, closed, active, epochs, lastBatch, producers);
  }

  /** What may be put on record of it. */
  public DurablePoint point(PartitionId partition) {
    return DurablePoint.at(partition, start, active.state(), lastBatch, producers.areAny());
  }
}
