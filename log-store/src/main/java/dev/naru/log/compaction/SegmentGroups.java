package dev.naru.log.compaction;

import dev.naru.log.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/** Which closed segments become one: compaction leaves little of some, and files are not free. */
public final class SegmentGroups {

  private SegmentGroups() {}

  /**
   * Neighbours that fit one segment even if nothing were taken out of them.
   *
   * @param segments that follow each other
   */
  public static List<List<Segment>> of(List<Segment> segments, int segmentBytesMax) {
    var groups = new ArrayList<List<Segment>>();
    var group = new ArrayList<Segment>();
    long bytes = 0;
    for (Segment each : segments) {
      // Invariant: relative offsets within a segment are ints, as ActiveSegment has it.
      boolean fits =
          group.isEmpty()
              || (bytes + each.bytes() <= segmentBytesMax
                  && each.end() - 1 - group.getFirst().base() <= Integer.MAX_VALUE);
      if (!fits) {
        groups.add(List.copyOf(group));
        group.clear();
        bytes = 0;
      }
      group.add(each);
      bytes += each.bytes();
    }
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    return groups;
  }
}
