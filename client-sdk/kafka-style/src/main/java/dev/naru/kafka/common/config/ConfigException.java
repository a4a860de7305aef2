package dev.naru.kafka.common.config;

import dev.naru.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A setting that is not known, or has a value outside its bounds. */
public class ConfigException extends KafkaException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public ConfigException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public ConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
