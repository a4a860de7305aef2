package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** Another node leads the partition. */
public class NotLeaderOrFollowerException extends InvalidMetadataException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public NotLeaderOrFollowerException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public NotLeaderOrFollowerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
