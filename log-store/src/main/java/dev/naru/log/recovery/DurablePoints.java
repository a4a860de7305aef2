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
}
