package dev.naru.log.compaction;

import java.util.OptionalLong;

/**
 * How far a log has been compacted.
 *
 * @param cleanEnd below it no key occurs twice
 * @param purgedBelow a deletion below it may be gone, and every deletion from it on is still there:
 *     who has not read up to here must begin anew, or would keep what was deleted
 * @param nextHorizon when the first of the deletions that are still there may be forgotten
 */
public record CleanState(long cleanEnd, long purgedBelow, OptionalLong nextHorizon) {

  /** Of a log that was never compacted. */
  public static final CleanState NEVER = new CleanState(0, 0, OptionalLong.empty());

  /** The same, but for the deletions that are gone. */
  public CleanState withPurgedBelow(long offset) {
    return new CleanState(cleanEnd, Math.max(purgedBelow, offset), nextHorizon);
  }

  /** The same, but for where the clean part ends. */
  public CleanState withCleanEnd(long offset) {
    return new CleanState(offset, purgedBelow, nextHorizon);
  }

  /** Of the same log if it ended here. */
  public CleanState upTo(long end) {
    return new CleanState(Math.min(cleanEnd, end), Math.min(purgedBelow, end), nextHorizon);
  }
}
