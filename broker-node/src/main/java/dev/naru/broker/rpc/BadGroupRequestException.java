package dev.naru.broker.rpc;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;

/** A request about a group has fields that no coordinator needs to see. */
final class BadGroupRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Refused why;

  BadGroupRequestException(ErrorCode code, String reason) {
    super(reason, null, false, false);
    this.why = new Refused(code, reason);
  }

  Refused why() {
    return why;
  }
}
