package dev.naru.broker.partition;

import dev.naru.types.Refused;

/** What a partition answers to the wish to read at some offset. */
public sealed interface ReadVerdict {

  /** There are records from the offset up to here. */
  @SuppressWarnings("AvoidCommonTypeNames")
  record Readable(long below) implements ReadVerdict {}

  /** The offset is the next one to be committed, or above it but in the log: wait. */
  record Waits() implements ReadVerdict {}

  /** Not here, or not so. */
  record Denied(Refused why) implements ReadVerdict {}

  /** The reader saw another history, which parts from this one here. */
  record DataLost(long divergingEnd, Refused why) implements ReadVerdict {}
}
