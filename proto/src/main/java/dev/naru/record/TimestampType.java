package dev.naru.record;

/** Whose clock a batch's timestamps come from. */
public enum TimestampType {
  /** The producer's: each record has its own. */
  CREATE_TIME,
  /** The leader's: the batch's maximum timestamp is that of every record in it. */
  LOG_APPEND_TIME
}
