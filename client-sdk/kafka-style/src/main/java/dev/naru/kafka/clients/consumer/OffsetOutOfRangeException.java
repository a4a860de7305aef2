package dev.naru.kafka.clients.consumer;

import org.jspecify.annotations.Nullable;

/** A position outside the log. */
public class OffsetOutOfRangeException extends InvalidOffsetException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public OffsetOutOfRangeException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public OffsetOutOfRangeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
