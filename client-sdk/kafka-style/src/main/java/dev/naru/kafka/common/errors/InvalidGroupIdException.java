package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** No group, or a name that is none. */
public class InvalidGroupIdException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidGroupIdException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidGroupIdException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
