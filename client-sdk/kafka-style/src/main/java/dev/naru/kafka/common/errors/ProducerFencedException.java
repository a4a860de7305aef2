package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** Somebody else uses the id of this producer. */
public class ProducerFencedException extends ApiException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public ProducerFencedException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public ProducerFencedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
