package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The cluster has too much to do. */
public class ThrottlingQuotaExceededException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public ThrottlingQuotaExceededException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public ThrottlingQuotaExceededException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
