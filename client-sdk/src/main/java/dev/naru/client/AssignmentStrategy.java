package dev.naru.client;

import java.util.Locale;
import java.util.Optional;

/** What a member of a classic group can assign by: {@code partition.assignment.strategy}. */
public enum AssignmentStrategy {
  /** Of each topic a run of partitions to each member, in order of the members. */
  RANGE,
  /** One partition to each member in turn, through all topics. */
  ROUNDROBIN,
  /** As even as round robin, and each member keeps what it can of what it had. */
  STICKY;

  /** The value of this text. */
  public static Optional<AssignmentStrategy> ofText(String text) {
    for (var strategy : values()) {
      if (strategy.text().equals(text)) {
        return Optional.of(strategy);
      }
    }
    return Optional.empty();
  }

  /** The value as {@code partition.assignment.strategy} has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
