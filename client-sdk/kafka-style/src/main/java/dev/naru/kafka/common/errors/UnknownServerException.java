package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A fault of the cluster. */
public class UnknownServerException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public UnknownServerException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public UnknownServerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
