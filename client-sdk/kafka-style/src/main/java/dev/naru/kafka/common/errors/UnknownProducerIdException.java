package dev.naru.kafka.common.errors;

import org.jspecify.annotations.Nullable;

/** A leader has forgotten the producer. */
public class UnknownProducerIdException extends OutOfOrderSequenceException {

  private static final long serialVersionUID = 1;

  /** A failure that says why. */
  public UnknownProducerIdException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public UnknownProducerIdException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
