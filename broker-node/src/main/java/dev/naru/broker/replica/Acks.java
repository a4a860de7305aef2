package dev.naru.broker.replica;

/** When a produce request is answered. */
public enum Acks {
  /** Never, not even with an error. */
  NONE,
  /** When the leader has appended it. */
  LEADER,
  /** When it is below the high watermark. */
  ALL
}
