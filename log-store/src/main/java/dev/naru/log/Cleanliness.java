package dev.naru.log;

import dev.naru.log.compaction.CleanState;
import dev.naru.log.recovery.CompactionCheckpoint;
import dev.naru.log.recovery.CompactionCheckpoint.Found;
import java.util.OptionalLong;

/**
 * How far a log has been compacted, in memory and on disk. Changed by the thread that compacts and,
 * when the log is cut, by its owner; read by any thread.
 *
 * <p>What is on disk never promises more than what is in the segments: where the clean part ends is
 * written after the last segment of a pass is in place, and before a cut; that deletions are gone,
 * before the first segment without them is.
 */
final class Cleanliness {

  private final CompactionCheckpoint checkpoint;
  private final long unknownBelow;
  private boolean isOnDisk; // guarded by this
  private long cuts; // guarded by this

  /** Written under this, read by any thread. */
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
   * @param activeBase the first offset that was never compacted for certain
   */
  static Cleanliness found(CompactionCheckpoint checkpoint, long activeBase) {
    return switch (checkpoint.read()) {
      case Found.Known(var state) -> new Cleanliness(checkpoint, state, 0, true);
      // Nobody knows which deletions are gone: as if all were that could be.
      case Found.Damaged() ->
          new Cleanliness(
              checkpoint, new CleanState(0, activeBase, OptionalLong.empty()), activeBase, false);
      case Found.Missing() -> new Cleanliness(checkpoint, CleanState.NEVER, activeBase, false);
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

  /** As it is now. */
  CleanState state() {
    return state;
  }

  /**
   * Begins a look whether a pass is due, or a pass. From now on there is a checkpoint: if it is
   * missing at a start, that means something.
   */
  synchronized Beginning begin() {
    if (!isOnDisk) {
      write(state.withPurgedBelow(unknownBelow));
    }
    return new Beginning(state, cuts);
  }

  /** Deletions below this offset will go. Durable when it returns. */
  synchronized void purging(long below) {
    if (below > state.purgedBelow()) {
      write(state.withPurgedBelow(below));
    }
  }

  /** A pass is over, unless the log was cut under it. */
  synchronized void cleaned(Beginning beginning, long cleanEnd, OptionalLong nextHorizon) {
    if (cuts == beginning.cuts) {
      long end = Math.max(cleanEnd, state.cleanEnd()); // a pass may have been allowed less
      write(new CleanState(end, state.purgedBelow(), nextHorizon));
    }
  }

  /** The log will be cut here: what is appended then is not clean. */
  synchronized void cutting(long newEnd) {
    cuts++;
    if (state.cleanEnd() > newEnd) {
      write(state.withCleanEnd(newEnd));
    }
  }

  /** The log was cut here: no deletion above is gone, because none is there. */
  synchronized void cut(long newEnd) {
    if (state.purgedBelow() > newEnd) {
      write(new CleanState(state.cleanEnd(), newEnd, state.nextHorizon()));
    }
  }

  private void write(CleanState changed) {
    checkpoint.write(changed);
    state = changed;
    isOnDisk = true;
  }
}
