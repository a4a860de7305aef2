package dev.naru.simulation;

import dev.naru.types.CleanupPolicy;
import java.util.List;

/**
 * What a seed decides about old records, and about the clocks by which they are told to be old.
 *
 * @param segmentMillis as topics have it, and so the next two: -1 is no limit
 * @param deletesOnRequest whether somebody asks now and then for records to be deleted
 * @param hasAbsurdTimes whether some producers stamp records with times far off
 * @param tombstoneMillis how long deletions stay in a compacted log
 * @param keys of the records in a compacted log
 * @param dedupeBytes memory of a compactor
 */
record Upkeep(
    boolean isOn,
    long segmentMillis,
    long retentionMillis,
    long retentionBytes,
    boolean deletesOnRequest,
    boolean hasAbsurdTimes,
    CleanupPolicy cleanup,
    double dirtyRatioMin,
    long tombstoneMillis,
    int keys,
    long dedupeBytes) {

  /** Everything is kept. */
  static final Upkeep NONE =
      new Upkeep(
          false,
          Long.MAX_VALUE,
          -1,
          -1,
          false,
          false,
          CleanupPolicy.DELETE,
          0.5,
          Long.MAX_VALUE,
          0,
          0);

  private static final long WEEK_MILLIS = 7 * 86_400_000L;

  /** Whole segments go: by age, by size, on request, or by some of these. */
  static Upkeep retaining(Dice dice) {
    return new Upkeep(
        true,
        dice.pick(List.of(300L, 1_500L, WEEK_MILLIS)),
        dice.pick(List.of(-1L, 500L, 2_000L, 4_000L)),
        dice.pick(List.of(-1L, 20_000L, 60_000L)),
        dice.chance(0.5),
        dice.chance(0.3),
        CleanupPolicy.DELETE,
        0.5,
        Long.MAX_VALUE,
        0,
        0);
  }

  /** Whole segments go when somebody asks for it, and never else. */
  static Upkeep deletingOnRequest() {
    return new Upkeep(
        true, WEEK_MILLIS, -1, -1, true, false, CleanupPolicy.DELETE, 0.5, Long.MAX_VALUE, 0, 0);
  }

  /** Only the newest record of each key stays; in some worlds old segments go as well. */
  static Upkeep compacting(Dice dice) {
    boolean deletes = dice.chance(0.3);
    var retaining = retaining(dice);
    return new Upkeep(
        true,
        dice.pick(List.of(100L, 300L, 1_500L)),
        retaining.retentionMillis,
        retaining.retentionBytes,
        deletes && retaining.deletesOnRequest,
        false,
        deletes ? CleanupPolicy.COMPACT_AND_DELETE : CleanupPolicy.COMPACT,
        dice.pick(List.of(0.0, 0.3)),
        dice.pick(List.of(0L, 300L, 1_500L, 4_000L)),
        dice.pick(List.of(5, 20, 100)),
        dice.pick(List.of(24L * 16, 24L * 1_000)));
  }

  /** Only the newest of each key stays of what groups write; deletions stay for a while. */
  static Upkeep compactingGroups(Dice dice) {
    return new Upkeep(
        true,
        dice.pick(List.of(300L, 1_500L)),
        -1,
        -1,
        false,
        false,
        CleanupPolicy.COMPACT,
        dice.pick(List.of(0.0, 0.3)),
        dice.pick(List.of(0L, 1_500L, 4_000L)),
        0,
        dice.pick(List.of(24L * 16, 24L * 1_000)));
  }

  boolean compacts() {
    return cleanup.compacts();
  }
}
