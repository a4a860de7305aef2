package dev.naru.log.segment;

import java.util.List;

/**
 * What a cut at some offset would do to the segments.
 *
 * @param kept the segment that will be the last, as it is
 * @param keptState what of it will remain
 * @param gone the segments after it
 */
public record CutPlan(Segment kept, SegmentState keptState, List<Segment> gone) {

  /** How many bytes of the kept segment go. */
  public int bytesOfKept() {
    return kept.bytes() - keptState.bytes();
  }

  /** How many bytes go in all. */
  public long bytes() {
    return bytesOfKept() + gone.stream().mapToLong(Segment::bytes).sum();
  }
}
