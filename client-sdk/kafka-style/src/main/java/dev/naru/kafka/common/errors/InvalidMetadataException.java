package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** What the client knows of the cluster is old. */
public class InvalidMetadataException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidMetadataException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidMetadataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
