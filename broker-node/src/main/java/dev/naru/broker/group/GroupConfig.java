package dev.naru.broker.group;

import java.time.Duration;

/**
 * What a node lets members ask for.
 *
 * @param sessionMin the shortest session time-out: a shorter one takes pauses for deaths
 * @param sessionMax the longest session time-out: for so long nobody reads what a dead one held
 */
public record GroupConfig(Duration sessionMin, Duration sessionMax) {

  /** Six seconds to half an hour. */
  public static final GroupConfig DEFAULTS =
      new GroupConfig(Duration.ofSeconds(6), Duration.ofMinutes(30));

  /** Refuses bounds between which there is nothing. */
  public GroupConfig {
    if (!sessionMin.isPositive() || sessionMax.compareTo(sessionMin) < 0) {
      throw new IllegalArgumentException(
          "Expected 0 < group.min.session.timeout.ms <= group.max.session.timeout.ms, but were %s"
                  .formatted(sessionMin)
              + " and "
              + sessionMax);
    }
  }
}
