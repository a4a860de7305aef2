package dev.naru.client;

import dev.naru.types.ErrorCode;

/** {@code buffer.memory} stayed full for {@code max.block.ms}; the record was not taken. */
public final class BufferExhaustedException extends NaruTimeoutException {

  private static final long serialVersionUID = 1;

  /** A failure with its message. */
  public BufferExhaustedException(String message) {
    super(ErrorCode.BUFFER_EXHAUSTED, message);
  }
}
