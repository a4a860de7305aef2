package dev.naru.types;

/** A value that must never be printed: it has no accessor that a log or an error would call. */
public final class Secret {

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps the value. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The value in clear, for the one place that needs it. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
