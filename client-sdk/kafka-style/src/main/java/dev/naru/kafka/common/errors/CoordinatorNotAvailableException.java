package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The group's coordinator cannot be reached now. */
public class CoordinatorNotAvailableException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public CoordinatorNotAvailableException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public CoordinatorNotAvailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
