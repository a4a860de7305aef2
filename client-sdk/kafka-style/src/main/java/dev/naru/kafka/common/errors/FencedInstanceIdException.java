package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A living member has the same instance id. */
public class FencedInstanceIdException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public FencedInstanceIdException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public FencedInstanceIdException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
