package dev.naru.broker.partition;

/** What this node is to a partition. */
public enum PartitionRole {
  /** Takes records and serves them. */
  LEADER,
  /** Copies the leader's log. */
  FOLLOWER,
  /**
   * Holds a log, but has nothing to do: no leader, not registered yet, or the log is out of use.
   */
  OFFLINE
}
