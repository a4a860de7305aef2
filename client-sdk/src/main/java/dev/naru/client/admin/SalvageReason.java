package dev.naru.client.admin;

/** Why a node has set something aside. */
public enum SalvageReason {
  /** Nothing says so, or only a node of another release could tell. */
  UNKNOWN,
  /** A follower cut what its leader does not have: it is in no log any more. */
  CUT_TAIL,
  /** A start cut what a crash had left above the last good batch. Other replicas may have it. */
  TORN_TAIL,
  /** A follower began anew, because its log shared nothing with the leader's. */
  STARTED_OVER,
  /** A segment in which damage was found; it was fetched again. */
  DAMAGED,
  /** What lay above damage; it was fetched again. */
  ABOVE_DAMAGE,
  /** A log of which nothing could be used; it was fetched again. */
  UNUSABLE,
  /** A person deleted the topic. */
  TOPIC_DELETED,
  /** The replica was moved to another node. */
  REPLICA_MOVED,
  /** The cluster gives the node no replica of it. */
  NOT_OURS;

  /**
   * Whether it may hold records that no log holds any more, since it was cut off the end of one.
   * All other things were fetched again, or are gone on purpose.
   */
  public boolean isCutOff() {
    return this == CUT_TAIL || this == TORN_TAIL;
  }
}
