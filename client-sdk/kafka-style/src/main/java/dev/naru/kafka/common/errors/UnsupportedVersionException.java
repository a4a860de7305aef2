package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** The other side is too old, or too new. */
public class UnsupportedVersionException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public UnsupportedVersionException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public UnsupportedVersionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
