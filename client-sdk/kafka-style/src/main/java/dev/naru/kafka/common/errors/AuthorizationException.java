package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** It is not for this client to do. */
public class AuthorizationException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public AuthorizationException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public AuthorizationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
