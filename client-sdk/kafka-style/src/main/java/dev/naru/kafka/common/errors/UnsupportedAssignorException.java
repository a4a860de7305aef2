package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The cluster does not know how to share out like this. */
public class UnsupportedAssignorException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public UnsupportedAssignorException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public UnsupportedAssignorException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
