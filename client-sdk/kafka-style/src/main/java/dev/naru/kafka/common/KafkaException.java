package dev.naru.kafka.common;

import org.jspecify.annotations.Nullable;

/** Anything that could not be done. */
public class KafkaException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public KafkaException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public KafkaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
