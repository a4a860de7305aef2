package dev.naru.kafka.clients.producer;

import dev.naru.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Memory stayed full for {@code max.block.ms}. */
public class BufferExhaustedException extends TimeoutException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public BufferExhaustedException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public BufferExhaustedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
