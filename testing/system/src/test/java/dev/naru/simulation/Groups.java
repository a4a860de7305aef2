package dev.naru.simulation;

import java.util.List;

/**
 * What a seed decides about consumer groups.
 *
 * @param count how many there are; none: 0
 * @param members most of one group at the same time
 * @param sessionMillis as members have it
 * @param rebalanceMillis how long a member may take to give something back, and to poll again; in
 *     some worlds less than its session
 * @param retentionMillis how long offsets of a group without members are kept
 * @param compacts whether their log is compacted while they work
 */
record Groups(
    int count,
    int members,
    long sessionMillis,
    long rebalanceMillis,
    long retentionMillis,
    boolean compacts) {

  /** Nobody consumes. */
  static final Groups NONE = new Groups(0, 0, 0, 0, 0, false);

  static Groups of(Dice dice) {
    return new Groups(
        1 + dice.below(3),
        1 + dice.below(4),
        dice.pick(List.of(1_000L, 2_000L, 4_000L)),
        dice.pick(List.of(400L, 1_500L, 10_000L)),
        dice.pick(List.of(1_000L, 4_000L, 3_600_000L)),
        dice.chance(0.5));
  }

  boolean areThere() {
    return count > 0;
  }

  /** How often a member is heard at least. */
  long heartbeatMillis() {
    return sessionMillis / 5;
  }
}
