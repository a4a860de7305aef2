package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A number of partitions that no topic can have. */
public class InvalidPartitionsException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidPartitionsException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidPartitionsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
