package dev.naru.log.compaction;

import java.util.OptionalLong;

/**
 * How far a log has been compacted.
 *
 * @param cleanEnd below it no key occurs twice
 * @param purgedBelow a deletion below it may be gone, and every deletion from it on is still there:
 *     who has not read up to here must begin anew, or would keep what was deleted
 * @param nextHorizon when to look for deletions to be forgotten among those that are still there
 * @param copiedClean the log, as far as it goes, was copied from logs in which no key occurred
 *     twice below this offset: so it has nothing that a deletion below deletes, read or not
 */
public record CleanState(
    long cleanEnd, long purgedBelow, OptionalLong nextHorizon, long copiedClean) {

  /** Of a log that was never compacted. */
  public static final CleanState NEVER = new CleanState(0, 0, OptionalLong.empty());

  /** Of a log that has done its own compaction. */
  public CleanState(long cleanEnd, long purgedBelow, OptionalLong nextHorizon) {
    this(cleanEnd, purgedBelow, nextHorizon, 0);
  }

  /** The same, but for the deletions that are gone. */
  public CleanState withPurgedBelow(long offset) {
    return new CleanState(cleanEnd, Math.max(purgedBelow, offset), nextHorizon, copiedClean);
  }

  /** The same after a pass. */
  public CleanState cleaned(long offset, OptionalLong horizon) {
    return new CleanState(Math.max(cleanEnd, offset), purgedBelow, horizon, copiedClean);
  }

  /**
   * Of the same log when what follows this offset is copied from another.
   *
   * @param itsPurgedBelow of the other
   * @param clean below this nothing that is or will be copied is deleted by a deletion
   */
  public CleanState copying(long from, long itsPurgedBelow, long clean) {
    long purged = Math.max(Math.min(purgedBelow, from), itsPurgedBelow > from ? itsPurgedBelow : 0);
    // What it has made clean itself says as much: so a change of leaders changes nothing here.
    long copied = clean <= cleanEnd ? Math.min(copiedClean, cleanEnd) : clean;
    return new CleanState(cleanEnd, purged, nextHorizon, copied);
  }

  /** Before the log is cut here: what will be appended is not clean. */
  public CleanState cleanUpTo(long end) {
    return new CleanState(
        Math.min(cleanEnd, end), purgedBelow, nextHorizon, Math.min(copiedClean, end));
  }

  /** Of the same log once it ends here: above, no deletion is gone, because none is there. */
  public CleanState upTo(long end) {
    var clean = cleanUpTo(end);
    return new CleanState(
        clean.cleanEnd, Math.min(purgedBelow, end), nextHorizon, clean.copiedClean);
  }
}
