package dev.naru.testing.history;

/** Which end of a partition's log a client asks for. */
public enum Bound {
  /** The first offset. */
  LOG_START,
  /** The offset after the last one that may be read. */
  HIGH_WATERMARK
}
