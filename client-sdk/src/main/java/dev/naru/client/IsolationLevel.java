package dev.naru.client;

import java.util.Locale;
import java.util.Optional;

/**
 * Which records of transactions are read: {@code isolation.level}. As long as there are no
 * transactions both read every record below the high watermark.
 */
public enum IsolationLevel {
  /** Records of transactions whatever becomes of these. */
  READ_UNCOMMITTED,
  /** Records of transactions that were committed. */
  READ_COMMITTED;

  /** The value of this text. */
  public static Optional<IsolationLevel> ofText(String text) {
    for (var level : values()) {
      if (level.text().equals(text)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** The value as {@code isolation.level} has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
