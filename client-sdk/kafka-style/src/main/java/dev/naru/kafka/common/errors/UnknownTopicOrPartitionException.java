package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** There is no such topic, or no such partition. */
public class UnknownTopicOrPartitionException extends InvalidMetadataException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public UnknownTopicOrPartitionException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public UnknownTopicOrPartitionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
