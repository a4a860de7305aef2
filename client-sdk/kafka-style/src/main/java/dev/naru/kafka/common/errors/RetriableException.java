package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The same call may succeed later. */
public abstract class RetriableException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public RetriableException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public RetriableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
