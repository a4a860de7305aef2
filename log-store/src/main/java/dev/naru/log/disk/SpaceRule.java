package dev.naru.log.disk;

import java.util.Optional;

/**
 * How full a disk may become with new records. What must go on when it takes no more of them,
 * replication, checkpoints, a cut, the metadata log beside it, writes too: the rest is for that.
 *
 * <p>On a large disk the ratio is what counts: it leaves an operator time. On a small one it leaves
 * next to nothing, 4 MB of 80, so in any case a reserve is kept: 64 MiB, which is room for four of
 * the largest batches that were let in at the same moment on different threads, and for the small
 * files; but no more than an eighth of the disk, or a small one would take no records at all.
 *
 * @param usedRatioMax a fuller disk takes no new records; at 1 only the reserve counts
 */
public record SpaceRule(double usedRatioMax) {

  private static final long RESERVE_BYTES_MAX = 64 << 20;
  private static final int RESERVE_SHARE = 8;

  /** An operator should hear of a disk that is fuller, and so much before it takes no records. */
  private static final double WARNING_RATIO = 0.85;

  private static final double WARNING_AHEAD = 0.1;

  /**
   * Nothing is deleted for room on a disk that is emptier, whatever the ratio: a slip of the hand
   * is soon put right, but would not bring back what it had deleted.
   */
  private static final double ROOM_RATIO_MIN = WARNING_RATIO;

  /** What is kept of a disk of this size. */
  static long reserveBytes(long totalBytes) {
    return Math.min(RESERVE_BYTES_MAX, totalBytes / RESERVE_SHARE);
  }

  /**
   * Whether an operator should hear of it: it is rather full, or little more than the reserve is
   * left, which on a small disk comes first.
   */
  public boolean isWorthWarning(DiskSpace space) {
    return space.usedRatio() > Math.min(WARNING_RATIO, usedRatioMax - WARNING_AHEAD)
        || space.usableBytes() < 2 * reserveBytes(space.totalBytes())
        || !allows(space);
  }

  /** Whether what is kept only while there is room should make room for new records. */
  public boolean wantsRoom(DiskSpace space) {
    return !new SpaceRule(Math.max(usedRatioMax, ROOM_RATIO_MIN)).allows(space);
  }

  /** Whether records may leave the disk like this. */
  public boolean allows(DiskSpace left) {
    return whyNot(left).isEmpty();
  }

  /**
   * Why what a leader has already may not leave the disk like this, if it may not: it may use half
   * of the reserve, but must not keep the small files from being written.
   */
  Optional<String> whyNotCopies(DiskSpace left) {
    return whyNot(left, reserveBytes(left.totalBytes()) / 2);
  }

  /** Why new records may not leave the disk like this, if they may not. */
  Optional<String> whyNot(DiskSpace left) {
    return whyNot(left, reserveBytes(left.totalBytes())).or(() -> whyTooFull(left));
  }

  private static Optional<String> whyNot(DiskSpace left, long reserve) {
    return left.usableBytes() < reserve
        ? Optional.of(
            "to keep %d bytes for what must go on, but records would leave %d"
                .formatted(reserve, left.usableBytes()))
        : Optional.empty();
  }

  private Optional<String> whyTooFull(DiskSpace left) {
    return usedRatioMax < 1 && left.usedRatio() > usedRatioMax
        ? Optional.of(
            "to be at most %.0f %% full (disk.used.ratio.max), but it would be %.1f %%"
                .formatted(usedRatioMax * 100, left.usedRatio() * 100))
        : Optional.empty();
  }
}
