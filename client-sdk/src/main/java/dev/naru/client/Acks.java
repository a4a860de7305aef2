package dev.naru.client;

import java.util.Optional;

/** When a record counts as taken: {@code acks}. */
public enum Acks {
  /** Nobody answers. Fastest; a record may be lost without a word. */
  NONE("0"),
  /** The leader appended it. Lost if that node dies before the others have it. */
  LEADER("1"),
  /** Every in-sync replica holds it. */
  ALL("all");

  private final String text;

  Acks(String text) {
    this.text = text;
  }

  /** The value of this text, where {@code -1} is another word for {@code all}. */
  public static Optional<Acks> ofText(String text) {
    for (var acks : values()) {
      if (acks.text.equals(text)) {
        return Optional.of(acks);
      }
    }
    return text.equals("-1") ? Optional.of(ALL) : Optional.empty();
  }

  /** The value as {@code acks} has it. */
  public String text() {
    return text;
  }
}
