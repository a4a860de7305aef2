package dev.naru.broker.node;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;

/** A node cannot start because a precondition does not hold; the message says which. */
public final class StartException extends Exception {

  private final ErrorCode code;

  /** For this reason. */
  public StartException(ErrorCode code, String reason) {
    super(reason);
    this.code = code;
  }

  StartException(ErrorCode code, String reason, Throwable cause) {
    super(reason, cause);
    this.code = code;
  }

  static StartException of(Refused why) {
    return new StartException(why.code(), why.reason());
  }

  /** Its place in the table of errors. */
  public ErrorCode code() {
    return code;
  }
}
