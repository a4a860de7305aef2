package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** Time ran out; whether the thing was done is not known. */
public class TimeoutException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public TimeoutException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public TimeoutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
