package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A name that no topic can have. */
public class InvalidTopicException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidTopicException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidTopicException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
