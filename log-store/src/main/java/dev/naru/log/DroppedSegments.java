package dev.naru.log;

import dev.naru.log.retention.DropReason;
import dev.naru.log.segment.Segment;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.function.LongPredicate;

/** Where segments go that a log has no use for any more. */
public interface DroppedSegments {

  /**
   * Another thread is to delete the files, once it is on record that the log starts above them.
   * Does not wait.
   *
   * @param segments the oldest first
   * @param mayGo whether one that ends at this offset may be deleted by now; that thread asks
   */
  void dropped(List<Segment> segments, DropReason why, LongPredicate mayGo);

  /**
   * From here on nothing of this log is deleted; waits for what is being deleted now.
   *
   * @return what would have been, the oldest first
   */
  List<Segment> keep(PartitionId partition);
}
