package dev.naru.broker.config;

import dev.naru.types.Setting;
import java.time.Duration;

/** When a node looks for what may be deleted. */
public record RetentionConfig(
    @Setting(
            key = "log.retention.check.interval.ms",
            doc = "The time between two looks for segments that are too old or too many.")
        Duration checkInterval,
    @Setting(
            key = "set.aside.retention.ms",
            doc =
                "How long cut tails, damaged segments and logs that this node no longer needs are kept;"
                    + " such logs only while the disk takes new records.")
        Duration setAside) {

  /** Five minutes, two weeks. */
  public static final RetentionConfig DEFAULTS =
      new RetentionConfig(Duration.ofMinutes(5), Duration.ofDays(14));

  /** Refuses times of nothing. */
  public RetentionConfig {
    if (checkInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Expected log.retention.check.interval.ms >= 1, but was " + checkInterval.toMillis());
    }
    if (setAside.isNegative()) {
      throw new IllegalArgumentException(
          "Expected set.aside.retention.ms >= 0, but was " + setAside.toMillis());
    }
  }
}
