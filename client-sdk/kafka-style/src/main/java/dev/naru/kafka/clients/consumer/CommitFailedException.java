package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Partitions are not this consumer's any more, so nothing was committed. */
public class CommitFailedException extends KafkaException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public CommitFailedException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public CommitFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
