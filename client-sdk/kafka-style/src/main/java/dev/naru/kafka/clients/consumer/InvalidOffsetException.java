package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A position at which nothing can be read. */
public abstract class InvalidOffsetException extends KafkaException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidOffsetException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidOffsetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
