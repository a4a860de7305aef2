package dev.naru.broker.group;

/**
 * Why a member is taken out, or a target is computed anew. For people; nothing is decided by it.
 */
public enum Cause {
  /** Nothing was heard of the member for its session time-out. */
  SESSION_TIMEOUT,
  /** The member did not give back in time what it was told to. */
  REVOCATION_TIMEOUT,
  /** Nobody came in time for the place of a member that is away. */
  LEAVE_DELAY_OVER,
  /** The leader of a classic round did not say in time who reads what. */
  SYNC_TIMEOUT,
  /** Members joined. */
  JOINED,
  /** Topics were created, deleted or got partitions. */
  TOPICS_CHANGED,
  /** The group has a new coordinator, which does not know what its predecessor had in mind. */
  LOADED,
  /** An operator wants it so. */
  ASKED
}
