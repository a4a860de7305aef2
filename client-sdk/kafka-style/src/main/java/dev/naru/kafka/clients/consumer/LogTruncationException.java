package dev.naru.kafka.clients.consumer;

import org.jspecify.annotations.Nullable;

/** What was read before is not part of the log any more. */
public class LogTruncationException extends OffsetOutOfRangeException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public LogTruncationException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public LogTruncationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
