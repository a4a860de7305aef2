package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A record that cannot be read. */
public class CorruptRecordException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public CorruptRecordException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public CorruptRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
