package dev.naru.log;

import dev.naru.types.LeaderEpoch;

/**
 * Up to where a log is known to be committed, and by whose word. Both are of one moment, on disk as
 * well: so it can be told whether the offset may be from before a part of the log was cut that had
 * been committed and was given up.
 *
 * @param offset all below it is committed
 * @param agreed the last leader epoch in which this log led, or was accepted by the leader: it is a
 *     part of that leader's log
 */
public record Watermark(long offset, LeaderEpoch agreed) {

  /** Refuses a negative offset. */
  public Watermark {
    if (offset < 0) {
      throw new IllegalArgumentException("Expected an offset >= 0, but was " + offset);
    }
  }
}
