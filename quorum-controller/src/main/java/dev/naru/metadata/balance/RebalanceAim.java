package dev.naru.metadata.balance;

/** What nodes are to have alike. */
public enum RebalanceAim {
  /** Partitions that they lead; no data moves. */
  LEADERS,
  /** Bytes that they hold, whatever their disks can take. */
  BYTES,
  /** The used part of their disks: a larger disk holds more. */
  DISK
}
