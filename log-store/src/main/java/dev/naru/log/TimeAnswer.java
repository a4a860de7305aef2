package dev.naru.log;

import java.util.Optional;

/** Which record of a log is the first that is not earlier than some time. */
public sealed interface TimeAnswer {

  /** This one. */
  record Found(TimestampedOffset first) implements TimeAnswer {}

  /** All are earlier. */
  record AllEarlier() implements TimeAnswer {}

  /**
   * The log was cut, or closed segments in which the record may be were replaced or deleted, while
   * it was searched: what else is found may lie behind it. The same question is for a newer view.
   */
  record LookAgain() implements TimeAnswer {}

  /** The record, if there is one and it is known. */
  default Optional<TimestampedOffset> record() {
    return this instanceof Found(var first) ? Optional.of(first) : Optional.empty();
  }
}
