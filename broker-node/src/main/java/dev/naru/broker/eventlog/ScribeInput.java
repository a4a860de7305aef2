package dev.naru.broker.eventlog;

import dev.naru.broker.partition.TenantInput;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.types.Refused;

/** What a scribe is told. */
public sealed interface ScribeInput extends TenantInput {

  /** There may be more to write. */
  record News() implements ScribeInput {}

  /** The newest event that the log holds. */
  record TailRead(EventId last) implements ScribeInput {}

  /**
   * The end of the log was not read, for want of a thread or because the log was cut meanwhile: it
   * is to be asked for again.
   */
  record TailPutOff() implements ScribeInput {}

  /** The end of the log is nothing that this release wrote. */
  record TailUnreadable(Refused why) implements ScribeInput {}
}
