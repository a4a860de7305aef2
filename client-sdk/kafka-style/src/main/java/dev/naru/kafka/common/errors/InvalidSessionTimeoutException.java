package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A session that the cluster does not grant. */
public class InvalidSessionTimeoutException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidSessionTimeoutException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidSessionTimeoutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
