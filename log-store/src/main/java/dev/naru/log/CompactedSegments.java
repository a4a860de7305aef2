package dev.naru.log;

import dev.naru.log.segment.SegmentSwap;

/**
 * A segment that compaction has prepared, to be put in the place of those it was made of by the
 * log's owner, and finished or discarded by whoever prepared it.
 */
public final class CompactedSegments {

  private final SegmentSwap swap;
  private final LogUse use;
  private final Cleanliness cleanliness;
  private final long purgedBelow;

  CompactedSegments(SegmentSwap swap, LogUse use, Cleanliness cleanliness, long purgedBelow) {
    this.swap = swap;
    this.use = use;
    this.cleanliness = cleanliness;
    this.purgedBelow = purgedBelow;
  }

  /** Deletions below this offset are gone from it, if any are. */
  public long purgedBelow() {
    return purgedBelow;
  }

  /** How many bytes fewer there are. */
  public long bytesFreed() {
    return swap.bytesFreed();
  }

  /** Does what is left after the owner has put it in its place. Waits for the disk. */
  public void finish() {
    try {
      use.doStep(swap::finish); // else the next start does it
    } finally {
      swap.letGo();
    }
  }

  /** Deletes it, because it was not put in its place. */
  public void discard() {
    try {
      use.doStep(() -> {
        swap.discard();
        cleanliness.desist();
      });
    } finally {
      swap.letGo();
    }
  }

  SegmentSwap swap() {
    return swap;
  }
}
