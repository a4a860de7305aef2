package dev.naru.kafka.common.errors;

import dev.naru.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A thread was interrupted while it waited; its flag is set again. */
public class InterruptException extends KafkaException {

  private static final long serialVersionUID = 1;

  /** Sets the flag of the current thread. */
  public InterruptException(String message) {
    super(message);
    Thread.currentThread().interrupt();
  }

  /** The same, with its cause. */
  public InterruptException(String message, @Nullable Throwable cause) {
    super(message, cause);
    Thread.currentThread().interrupt();
  }
}
