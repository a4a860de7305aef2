package dev.naru.broker.coordinator;

import dev.naru.types.Refused;

/**
 * A record of the log of groups says something that this release does not know. It must not be
 * skipped: an offset that is not understood is not an absent one.
 */
public final class UnreadableGroupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Refused why;

  /** For this reason. */
  public UnreadableGroupException(Refused why) {
    super(why.reason());
    this.why = why;
  }

  /** What was expected and what came. */
  public Refused why() {
    return why;
  }
}
