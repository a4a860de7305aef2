package dev.naru.kafka.common.errors;

import dev.naru.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A failure that the cluster, or the client on its behalf, reports. */
public class ApiException extends KafkaException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public ApiException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public ApiException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
