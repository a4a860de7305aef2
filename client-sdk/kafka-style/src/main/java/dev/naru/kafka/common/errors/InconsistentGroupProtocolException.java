package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The members of the group share out by another protocol. */
public class InconsistentGroupProtocolException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InconsistentGroupProtocolException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InconsistentGroupProtocolException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
