package dev.naru.log;

import dev.naru.log.compaction.CleanState;
import dev.naru.log.recovery.CompactionCheckpoint;
import dev.naru.log.recovery.CompactionCheckpoint.Found;
import java.util.OptionalLong;

/**
 * How far a log has been compacted, in memory and on disk. Changed by the thread that compacts and,
 * when segments are replaced or the log is cut, by its owner; read by any thread.
 *
 * <p>What is on disk never promises more than what is in the segments. Where the clean part ends
 * goes up after the last segment of a pass is in place, and down before a cut; the same holds for
 * what is known of the logs it was copied from. That deletions are gone goes up before the first
 * segment without them, or the first batch copied from a log without them, and down after the cut.
 * So a crash in between costs work: more is compacted, or copied, than need be.
 *
 * <p>Of a segment without deletions this is said twice: on disk before it is in place; in memory
 * when the owner puts it there, in one step for everybody. Until then the deletions are there to be
 * read, and nobody has to start over. If the owner does not take the segment, the disk is told so.
 */
final class Cleanliness {

  private final CompactionCheckpoint checkpoint;
  private boolean isOnDisk; // guarded by this
  private long cuts; // guarded by this
  private long intendedBelow; // guarded by this: on disk, deletions below may be gone by now

  // Both written under this, read by any thread.
  private volatile long unknownBelow;
  private volatile CleanState state;

  /** How it was when a pass began. */
  record Beginning(CleanState state, long cuts) {}

  private Cleanliness(
      CompactionCheckpoint checkpoint, CleanState state, long unknownBelow, boolean isOnDisk) {
    this.checkpoint = checkpoint;
    this.state = state;
    this.unknownBelow = unknownBelow;
    this.isOnDisk = isOnDisk;
  }

  /** Of a log that is new. */
  static Cleanliness ofNew(CompactionCheckpoint checkpoint) {
    return new Cleanliness(checkpoint, CleanState.NEVER, 0, false);
  }

  /**
   * Of a log that was found.
   *
   * @param end up to where it may have been compacted, here or at the leader it was copied from
   */
  static Cleanliness found(CompactionCheckpoint checkpoint, long end) {
    return switch (checkpoint.read()) {
      case Found.Known(var state) -> new Cleanliness(checkpoint, state, 0, true);
      // Nobody knows which deletions are gone: as if all were that could be.
      case Found.Damaged() ->
          new Cleanliness(checkpoint, new CleanState(0, end, OptionalLong.empty()), end, false);
      case Found.Missing() -> new Cleanliness(checkpoint, CleanState.NEVER, end, false);
    };
  }

  /**
   * Below this deletions may be gone.
   *
   * @param isCompacted whether the log's topic is one whose logs are compacted: then one without a
   *     checkpoint may have lost it
   */
  long purgedBelow(boolean isCompacted) {
    long known = state.purgedBelow();
    return isCompacted ? Math.max(known, unknownBelow) : known;
  }

  /**
   * Nothing in the log is deleted by a deletion below this, whether the log has come that far or
   * not.
   */
  long cleanBelow() {
    CleanState now = state;
    return Math.max(now.cleanEnd(), now.copiedClean());
  }

  /** As it is now. */
  CleanState state() {
    return state;
  }

  /** What a pass that begins now has to know. */
  synchronized Beginning beginning() {
    return new Beginning(state, cuts);
  }

  /** Makes sure that there is a checkpoint: if it is missing at a start, that means something. */
  synchronized void keep() {
    if (!isOnDisk) {
      write(state);
    }
  }

  /**
   * A segment without the deletions below this offset is about to be put in place. Durable when it
   * returns.
   */
  synchronized void intend(long below) {
    if (below > Math.max(state.purgedBelow(), intendedBelow)) {
      intendedBelow = below;
      write(state);
    }
  }

  /**
   * It is in place. Does not wait for the disk: whoever would write waits for the answer to this.
   */
  synchronized void purged(long below) {
    state = state.withPurgedBelow(below);
    intendedBelow = 0;
  }

  /** It was not put in place, and will not be. Nor is any other about to be. */
  synchronized void desist() {
    boolean isTooMuch = intendedBelow > state.purgedBelow();
    intendedBelow = 0;
    if (isTooMuch) {
      write(state);
    }
  }

  /** A pass is over, unless the log was cut under it. */
  synchronized void cleaned(Beginning beginning, long cleanEnd, OptionalLong nextHorizon) {
    if (cuts == beginning.cuts) {
      write(state.cleaned(cleanEnd, nextHorizon)); // a pass may have been allowed less
    }
  }

  /** The log will be cut here: what is appended then is not clean. */
  synchronized void cutting(long newEnd) {
    cuts++;
    change(state.cleanUpTo(newEnd));
  }

  /** The log was cut here: no deletion above is gone, because none is there. */
  synchronized void cut(long newEnd) {
    unknownBelow = Math.min(unknownBelow, newEnd);
    change(state.upTo(newEnd));
  }

  /**
   * What follows this offset will be copied from another log. Durable when it returns.
   *
   * @param purgedBelow of the other: deletions below it may be gone
   * @param copiedClean below this no key occurs twice in any log this one was copied from
   */
  synchronized void copying(long from, long purgedBelow, long copiedClean) {
    unknownBelow = Math.min(unknownBelow, from);
    change(state.copying(from, purgedBelow, copiedClean));
  }

  private void change(CleanState changed) {
    if (!changed.equals(state)) {
      write(changed);
    }
  }

  /** Once something is on disk, nobody takes all that was purged for unknown any more. */
  private void write(CleanState changed) {
    CleanState known = isOnDisk ? changed : changed.withPurgedBelow(unknownBelow);
    checkpoint.write(known.withPurgedBelow(intendedBelow));
    state = known;
    isOnDisk = true;
  }
}
