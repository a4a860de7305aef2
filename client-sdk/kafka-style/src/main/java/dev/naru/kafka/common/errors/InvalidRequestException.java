package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** Something that cannot be asked. */
public class InvalidRequestException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidRequestException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidRequestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
