package dev.naru.log.retention;

/** Why the oldest segments of a log go. */
public enum DropReason {
  /** Their newest record is older than {@code retention.ms}. */
  AGE,
  /** The log is larger than {@code retention.bytes} without them. */
  SIZE,
  /** Somebody asked for the records below an offset to be deleted. */
  REQUEST,
  /** The leader's log begins later. */
  LEADER
}
