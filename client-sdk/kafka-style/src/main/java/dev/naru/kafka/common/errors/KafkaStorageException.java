package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A disk that does not do its work. */
public class KafkaStorageException extends InvalidMetadataException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public KafkaStorageException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public KafkaStorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
