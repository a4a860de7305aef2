package dev.naru.client;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a consumer begins when its position is absent or outside the log: {@code
 * auto.offset.reset}.
 */
public enum OffsetReset {
  /** At the first record that is kept. */
  EARLIEST,
  /** At the end: only what comes from now on. */
  LATEST,
  /** Nowhere: {@code poll} fails, and the application decides. */
  NONE;

  /** The value of this text. */
  public static Optional<OffsetReset> ofText(String text) {
    for (var reset : values()) {
      if (reset.text().equals(text)) {
        return Optional.of(reset);
      }
    }
    return Optional.empty();
  }

  /** The value as {@code auto.offset.reset} has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
