package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A member of the group subscribes to the topic whose positions are to be forgotten. */
public class GroupSubscribedToTopicException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public GroupSubscribedToTopicException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public GroupSubscribedToTopicException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
