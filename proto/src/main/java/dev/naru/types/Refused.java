package dev.naru.types;

/**
 * A refusal: a value, not an exception. The reason reads "Expected ..., but ..." with ids and
 * values and is shown to people as it is.
 */
public record Refused(ErrorCode code, String reason) {

  /** A refusal always has a code. */
  public Refused {
    if (code == ErrorCode.NONE) {
      throw new IllegalArgumentException("Expected an error code, but was NONE: " + reason);
    }
  }

  @Override
  public String toString() {
    return code + ": " + reason;
  }
}
