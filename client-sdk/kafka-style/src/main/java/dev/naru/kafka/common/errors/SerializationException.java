package dev.naru.kafka.common.errors;

import dev.naru.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A value that does not become bytes, or bytes that become no value. */
public class SerializationException extends KafkaException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public SerializationException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public SerializationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
