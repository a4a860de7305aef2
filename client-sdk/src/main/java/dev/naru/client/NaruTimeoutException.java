package dev.naru.client;

import dev.naru.types.ErrorCode;
import java.util.Map;

/** Time ran out. Whether the thing was done is unknown, unless the subclass says so. */
public class NaruTimeoutException extends NaruException {

  private static final long serialVersionUID = 1;

  /** A failure without details. */
  public NaruTimeoutException(ErrorCode code, String message) {
    super(code, message);
  }

  /** A failure with details. */
  public NaruTimeoutException(ErrorCode code, String message, Map<String, String> details) {
    super(code, message, details);
  }
}
