package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A number of copies that the cluster cannot keep. */
public class InvalidReplicationFactorException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidReplicationFactorException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidReplicationFactorException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
