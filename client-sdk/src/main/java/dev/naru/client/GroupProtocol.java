package dev.naru.client;

import java.util.Optional;

/** How the members of a group share partitions: {@code group.protocol}. */
public enum GroupProtocol {
  /** The cluster assigns; only partitions that move stand still meanwhile. */
  NATIVE("native"),
  /** The first member that joined assigns; all stand still meanwhile. */
  CLASSIC("classic");

  private final String text;

  GroupProtocol(String text) {
    this.text = text;
  }

  /** The value of this text, where {@code consumer}, Kafka's word, is another one for native. */
  public static Optional<GroupProtocol> ofText(String text) {
    for (var protocol : values()) {
      if (protocol.text.equals(text)) {
        return Optional.of(protocol);
      }
    }
    return text.equals("consumer") ? Optional.of(NATIVE) : Optional.empty();
  }

  /** The value as {@code group.protocol} has it. */
  public String text() {
    return text;
  }
}
