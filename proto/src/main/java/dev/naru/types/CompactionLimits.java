package dev.naru.types;

/**
 * When a compacted log is cleaned, and how long its tombstones stay.
 *
 * @param dirtyRatioMin the share of the log that is dirty, from which on it is cleaned
 * @param lagMinMillis a younger record is not compacted away
 * @param lagMaxMillis an older record is cleaned whatever the share
 * @param tombstoneMillis how long a tombstone stays after everything below it is clean
 */
public record CompactionLimits(
    double dirtyRatioMin, long lagMinMillis, long lagMaxMillis, long tombstoneMillis) {

  /** Half of the log, no lag, a day for tombstones. */
  public static final CompactionLimits DEFAULTS =
      new CompactionLimits(0.5, 0, Long.MAX_VALUE, 86_400_000);

  /** Refuses what no log could follow. */
  public CompactionLimits {
    if (!(dirtyRatioMin >= 0 && dirtyRatioMin <= 1)) {
      throw new IllegalArgumentException(
          "Expected min.cleanable.dirty.ratio to be 0 to 1, but was " + dirtyRatioMin);
    }
    if (lagMinMillis < 0 || lagMaxMillis < 1 || tombstoneMillis < 0) {
      throw new IllegalArgumentException(
          "Expected times that are not negative, but were %d, %d and %d"
              .formatted(lagMinMillis, lagMaxMillis, tombstoneMillis));
    }
  }
}
