package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A partition has no leader now. */
public class LeaderNotAvailableException extends InvalidMetadataException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public LeaderNotAvailableException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public LeaderNotAvailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
