package dev.naru.kafka.common;

import dev.naru.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** A record that the cluster does not take. */
public class InvalidRecordException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public InvalidRecordException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public InvalidRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
