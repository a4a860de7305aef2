package dev.naru.log;

import dev.naru.types.Refused;

/** What became of an append. */
public sealed interface AppendResult {

  /**
   * All of it is in the log, though not yet durable.
   *
   * @param firstOffset where it begins
   * @param end the log's end after it
   * @param bytes how much was written
   * @param hasRolled whether the log went on in a new segment; whoever does not force on each
   *     append should force now, or a crash means reading all of the old one
   */
  record Appended(long firstOffset, long end, int bytes, boolean hasRolled)
      implements AppendResult {}

  /** Nothing of it is in the log. */
  record NotAppended(Refused why) implements AppendResult {}
}
