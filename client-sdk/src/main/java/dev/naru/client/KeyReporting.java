package dev.naru.client;

import java.util.Locale;
import java.util.Optional;

/** What a producer tells the leaders about frequent keys: {@code key.hot.report}. */
public enum KeyReporting {
  /** Nothing. */
  OFF,
  /** Hashes: who may read the partition can find out which keys they are. */
  HASHED,
  /** The keys themselves, 64 bytes of each at most. */
  PLAIN;

  /** The value of this text. */
  public static Optional<KeyReporting> ofText(String text) {
    for (var reporting : values()) {
      if (reporting.text().equals(text)) {
        return Optional.of(reporting);
      }
    }
    return Optional.empty();
  }

  /** The value as {@code key.hot.report} has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
