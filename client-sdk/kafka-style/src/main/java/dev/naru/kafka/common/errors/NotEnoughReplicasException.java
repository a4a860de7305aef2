package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** Too few replicas are in sync for a record that all must have. */
public class NotEnoughReplicasException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public NotEnoughReplicasException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public NotEnoughReplicasException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
