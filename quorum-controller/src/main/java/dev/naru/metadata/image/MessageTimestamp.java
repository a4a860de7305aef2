package dev.naru.metadata.image;

/** Whose clock a topic's records carry. */
public enum MessageTimestamp {
  /** The producer's. */
  CREATE_TIME,
  /** The leader's, at the append. */
  LOG_APPEND_TIME
}
