package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The cluster does not know this client. */
public class AuthenticationException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public AuthenticationException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public AuthenticationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
