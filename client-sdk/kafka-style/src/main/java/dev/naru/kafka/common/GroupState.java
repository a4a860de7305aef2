package dev.naru.kafka.common;

/** What a group does. */
public enum GroupState {
  /** Never told here. */
  UNKNOWN("Unknown"),
  /** Its members, who share by themselves, join again. */
  PREPARING_REBALANCE("PreparingRebalance"),
  /** Never told here. */
  COMPLETING_REBALANCE("CompletingRebalance"),
  /** Every member holds what it is to hold. */
  STABLE("Stable"),
  /** Never told here: a group that is not there fails. */
  DEAD("Dead"),
  /** It has no members; its offsets are kept. */
  EMPTY("Empty"),
  /** Never told here. */
  ASSIGNING("Assigning"),
  /** Partitions move. */
  RECONCILING("Reconciling"),
  /** Never told here. */
  NOT_READY("NotReady");

  private final String name;

  GroupState(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
