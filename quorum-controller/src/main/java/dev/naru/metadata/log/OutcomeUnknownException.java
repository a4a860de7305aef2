package dev.naru.metadata.log;

import dev.naru.types.Refused;

/**
 * A command may or may not have reached the metadata log; it may still be decided later. Sent again
 * under the same sequence it takes effect once.
 */
public final class OutcomeUnknownException extends Exception {

  private final Refused why;

  /** With what to tell the caller. */
  public OutcomeUnknownException(Refused why) {
    super(why.toString());
    this.why = why;
  }

  /** What to tell the caller. */
  public Refused why() {
    return why;
  }
}
