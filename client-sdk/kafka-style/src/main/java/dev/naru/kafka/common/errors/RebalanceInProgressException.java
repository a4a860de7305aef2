package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** Partitions are being shared out anew. */
public class RebalanceInProgressException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public RebalanceInProgressException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public RebalanceInProgressException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
