package dev.naru.log.producer;

import dev.naru.types.Refused;

/** What a ledger makes of a batch that is to be appended. */
public sealed interface Verdict {

  /** It is not in the log, and comes in its turn. */
  record Fresh() implements Verdict {}

  /**
   * It is in the log.
   *
   * @param firstOffset of its first record
   * @param end the offset behind its last one
   */
  record Duplicate(long firstOffset, long end) implements Verdict {}

  /** It is not to be appended. */
  record Refusal(Refused why) implements Verdict {}

  /**
   * It is not to be appended, since the log holds other records under its numbers: a producer gave
   * the same numbers twice, or two producers have one id. Somebody should look.
   */
  record Contradiction(Refused why) implements Verdict {}
}
