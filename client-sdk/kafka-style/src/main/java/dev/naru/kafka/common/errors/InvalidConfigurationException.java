package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A setting of a topic that is not known, or has no such value. */
public class InvalidConfigurationException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidConfigurationException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidConfigurationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
