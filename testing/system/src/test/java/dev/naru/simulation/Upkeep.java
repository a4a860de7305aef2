package dev.naru.simulation;

import java.util.List;

/**
 * What a seed decides about old records, and about the clocks by which they are told to be old.
 *
 * @param segmentMillis as topics have it, and so the next two: -1 is no limit
 * @param deletesOnRequest whether somebody asks now and then for records to be deleted
 * @param hasAbsurdTimes whether some producers stamp records with times far off
 */
record Upkeep(
    boolean isOn,
    long segmentMillis,
    long retentionMillis,
    long retentionBytes,
    boolean deletesOnRequest,
    boolean hasAbsurdTimes) {

  /** Everything is kept. */
  static final Upkeep NONE = new Upkeep(false, Long.MAX_VALUE, -1, -1, false, false);

  private static final long WEEK_MILLIS = 7 * 86_400_000L;

  /** Whole segments go: by age, by size, on request, or by some of these. */
  static Upkeep retaining(Dice dice) {
    return new Upkeep(
        true,
        dice.pick(List.of(300L, 1_500L, WEEK_MILLIS)),
        dice.pick(List.of(-1L, 500L, 2_000L, 4_000L)),
        dice.pick(List.of(-1L, 20_000L, 60_000L)),
        dice.chance(0.5),
        dice.chance(0.3));
  }
}
