package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** A commit that may succeed later. */
public class RetriableCommitFailedException extends RetriableException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public RetriableCommitFailedException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public RetriableCommitFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
