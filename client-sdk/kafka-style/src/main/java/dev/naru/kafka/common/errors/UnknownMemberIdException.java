package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The group does not know this member. */
public class UnknownMemberIdException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public UnknownMemberIdException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public UnknownMemberIdException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
