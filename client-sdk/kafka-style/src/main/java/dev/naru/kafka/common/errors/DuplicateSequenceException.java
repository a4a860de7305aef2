package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A leader cannot say where a batch that was sent twice is. */
public class DuplicateSequenceException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public DuplicateSequenceException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public DuplicateSequenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
