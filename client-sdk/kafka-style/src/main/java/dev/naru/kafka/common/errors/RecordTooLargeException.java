package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A record that is larger than the producer, the topic or the buffer takes. */
public class RecordTooLargeException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public RecordTooLargeException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public RecordTooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
