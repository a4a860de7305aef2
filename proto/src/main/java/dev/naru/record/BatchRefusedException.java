package dev.naru.record;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;

/**
 * Bytes that claim to be a batch and are none, met half-way through reading them. Carries the
 * refusal to pass on. Has no stack trace: what matters is where the bytes came from, which only the
 * catcher knows.
 */
public final class BatchRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Refused refused;

  /** Wraps the refusal. */
  public BatchRefusedException(Refused refused) {
    super(refused.toString(), null, false, false);
    this.refused = refused;
  }

  static BatchRefusedException corrupt(String reason) {
    return new BatchRefusedException(new Refused(ErrorCode.CORRUPT_RECORD, reason));
  }

  /** What was refused, and why. */
  public Refused refused() {
    return refused;
  }
}
