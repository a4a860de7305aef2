package dev.naru.kafka.common.errors;

import dev.naru.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Thrown by a poll after {@code wakeup}. */
public class WakeupException extends KafkaException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public WakeupException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public WakeupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
