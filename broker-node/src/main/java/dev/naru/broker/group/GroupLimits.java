package dev.naru.broker.group;

import dev.naru.types.ChosenName;

/**
 * How large things in a group may grow. Together they keep what one command writes within a batch
 * of 6 MiB, and what it computes within a few milliseconds: the worst is a target of as many
 * partitions as may be, each in another hand than its neighbours.
 */
public final class GroupLimits {

  /** Characters of what members say of themselves: no {@link ChosenName} is longer. */
  public static final int NAME_CHARS_MAX = ChosenName.BYTES_MAX;

  /** Members of one group; each of them may hear of every other one's coming. */
  public static final int MEMBERS_MAX = 1_000;

  /** Names in one subscription. */
  public static final int TOPICS_MAX = 1_000;

  /**
   * Partitions that one group shares: with more, its target would not fit into a batch. Nobody may
   * add to what the group reads beyond this. If its topics grow by themselves, those that come last
   * stay unread.
   */
  public static final int PARTITIONS_MAX = 50_000;

  /** Partitions that are shared while a loop waits; more are computed beside it. */
  public static final int PARTITIONS_AT_ONCE_MAX = 1_000;

  /** Names in all subscriptions of a group together, for its partitions to be shared at once. */
  public static final int NAMES_AT_ONCE_MAX = 10_000;

  /** Offsets in one commit. */
  public static final int OFFSETS_MAX = 10_000;

  /** Bytes of the note that goes with an offset. */
  public static final int NOTE_BYTES_MAX = 4 * 1024;

  /** Characters of all notes of one commit together. */
  public static final int NOTES_CHARS_MAX = 1024 * 1024;

  /** What all members of a group want, together, in characters and bytes: it is kept in memory. */
  public static final int WISHES_SIZE_MAX = 16 * 1024 * 1024;

  /** Ways of sharing that a classic member may know. */
  public static final int OFFERS_MAX = 10;

  /** Bytes that a classic member may offer, all its protocols together. */
  public static final int OFFERS_BYTES_MAX = 256 * 1024;

  /** Bytes that a classic leader may hand out in one round: half of what fits into a batch. */
  public static final int ASSIGNMENTS_BYTES_MAX = 2 * 1024 * 1024;

  /** Keys that are removed by one command; the rest waits for the next one. */
  public static final int REMOVED_MAX = 5_000;

  private GroupLimits() {}
}
