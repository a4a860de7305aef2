package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** There is no such group. */
public class GroupIdNotFoundException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public GroupIdNotFoundException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public GroupIdNotFoundException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
