package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A leader has seen a gap before a batch. */
public class OutOfOrderSequenceException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public OutOfOrderSequenceException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public OutOfOrderSequenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
