package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** There is a topic of this name. */
public class TopicExistsException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public TopicExistsException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public TopicExistsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
