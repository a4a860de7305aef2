package dev.naru.log.segment;

/**
 * How much of a segment's two index files can be used.
 *
 * @param offsets entries of the offset index
 * @param times entries of the time index
 * @param lastPosition place of the last kept entry of the offset index; up to here nothing needs to
 *     be indexed
 * @param lastTime key of the last kept entry of the time index
 */
public record KeptEntries(int offsets, int times, int lastPosition, long lastTime) {

  /** Nothing is kept: the indexes are made anew. */
  public static final KeptEntries NONE = new KeptEntries(0, 0, 0, SegmentState.NO_TIMESTAMP);
}
