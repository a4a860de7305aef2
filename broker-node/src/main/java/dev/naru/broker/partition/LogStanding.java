package dev.naru.broker.partition;

import dev.naru.broker.replica.LogTail;

/** Where the log of a partition without a leader stands. */
public sealed interface LogStanding {

  /** It can be used. */
  record Intact(LogTail tail, long highWatermark) implements LogStanding {}

  /** It is damaged, and must be repaired from another replica. */
  record Damaged() implements LogStanding {}
}
