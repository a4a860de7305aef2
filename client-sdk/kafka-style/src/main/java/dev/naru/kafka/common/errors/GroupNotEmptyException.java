package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The group has members. */
public class GroupNotEmptyException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public GroupNotEmptyException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public GroupNotEmptyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
