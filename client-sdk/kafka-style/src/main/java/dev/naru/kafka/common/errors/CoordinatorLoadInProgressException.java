package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The group's coordinator has just begun. */
public class CoordinatorLoadInProgressException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public CoordinatorLoadInProgressException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public CoordinatorLoadInProgressException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
