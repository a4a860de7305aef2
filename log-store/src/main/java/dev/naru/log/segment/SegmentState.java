package dev.naru.log.segment;

import dev.naru.record.BatchHeader;

/**
 * What a segment amounts to, up to some batch of it: enough to go on from there without reading
 * what lies before.
 *
 * @param base its first offset
 * @param end where it ends, exclusive
 * @param bytes how many bytes of its file that takes
 * @param maxTimestamp no record of it has a later one
 * @param headerSum see {@link HeaderSum}
 */
public record SegmentState(long base, long end, int bytes, long maxTimestamp, long headerSum) {

  /** The timestamp before all others: of a segment without records. */
  public static final long NO_TIMESTAMP = Long.MIN_VALUE;

  /** Refuses what no segment can be. */
  public SegmentState {
    if (base < 0 || end < base || bytes < 0 || (bytes == 0) != (end == base)) {
      throw new IllegalArgumentException(
          "Expected 0 <= base <= end, and bytes if there are records, but was [%d, %d) in %d bytes"
              .formatted(base, end, bytes));
    }
  }

  /** Of a segment without batches. */
  public static SegmentState empty(long base) {
    return new SegmentState(base, base, 0, NO_TIMESTAMP, 0);
  }

  /** With one more batch. */
  SegmentState with(BatchHeader header) {
    return new SegmentState(
        base,
        header.nextOffset(),
        bytes + header.sizeInBytes(),
        Math.max(maxTimestamp, header.maxTimestamp()),
        headerSum + HeaderSum.of(header));
  }

  /**
   * What it was up to this offset. Which of the remaining timestamps is the latest, it no longer
   * knows exactly.
   *
   * @param sumAbove what the batches from there on had added to the sum
   */
  SegmentState cutTo(long newEnd, int newBytes, long sumAbove) {
    return newBytes == 0
        ? empty(base)
        : new SegmentState(base, newEnd, newBytes, maxTimestamp, headerSum - sumAbove);
  }

  /** Whether there is no batch in it. */
  public boolean isEmpty() {
    return bytes == 0;
  }
}
