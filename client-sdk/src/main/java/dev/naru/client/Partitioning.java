package dev.naru.client;

import java.util.Locale;
import java.util.Optional;

/** Where records without a key go: {@code partitioner}. A key always goes where its hash says. */
public enum Partitioning {
  /** A batch to each partition in turn, so that batches are full and partitions even. */
  DEFAULT,
  /** A record to each partition in turn. */
  ROUND_ROBIN;

  /** The value of this text. */
  public static Optional<Partitioning> ofText(String text) {
    for (var partitioning : values()) {
      if (partitioning.text().equals(text)) {
        return Optional.of(partitioning);
      }
    }
    return Optional.empty();
  }

  /** The value as {@code partitioner} has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
