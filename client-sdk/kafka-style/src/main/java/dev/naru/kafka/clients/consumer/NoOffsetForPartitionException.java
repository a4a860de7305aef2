package dev.naru.kafka.clients.consumer;

import org.jspecify.annotations.Nullable;

/** There is no position, and nothing says where to begin. */
public class NoOffsetForPartitionException extends InvalidOffsetException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public NoOffsetForPartitionException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public NoOffsetForPartitionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
