package dev.naru.log.recovery;

import dev.naru.types.PartitionId;
import java.util.OptionalLong;

/** Where durable points are written down, for the next start. */
public interface DurablePoints {

  /**
   * Writes down that a log ends earlier than it was once recorded to. Durable when it returns,
   * which must be before any byte above the new end is touched: or the next start would take what
   * is missing for damage.
   */
  void lower(DurablePoint point);

  /**
   * Where the segment begins that holds the durable end of a log on record; empty when there is no
   * record of it. Segments below it are not read at the next start; any thread may ask.
   */
  OptionalLong recordedBase(PartitionId partition);

  /**
   * Writes down the number of the compaction checkpoint that a log has now: one with a lower number
   * is an old copy that somebody put in its place. It comes with the next force of the record, or,
   * if nothing of the log is on record, with the first of it. Any thread.
   */
  void checkpointed(PartitionId partition, int number);

  /** That number; 0 if there is none. Any thread may ask. */
  int checkpoint(PartitionId partition);
}
