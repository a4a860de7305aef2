package dev.naru.broker.config;

import dev.naru.types.Setting;
import java.time.Duration;

/** How a node coordinates groups. */
public record GroupsConfig(
    @Setting(
            key = "offsets.topic.num.partitions",
            takes = "1 to 10000",
            doc =
                "Partitions of the topic that groups are kept in; counts when it is created, and"
                    + " never changes.")
        int topicPartitions,
    @Setting(
            key = "offsets.retention.minutes",
            doc = "Minutes after which the offsets of a group without members are forgotten.")
        int retentionMinutes,
    @Setting(
            key = "group.min.session.timeout.ms",
            takes = "1 to group.max.session.timeout.ms",
            doc = "The shortest session.timeout.ms that a member may have.")
        Duration sessionMin,
    @Setting(
            key = "group.max.session.timeout.ms",
            takes = "at least group.min.session.timeout.ms",
            doc = "The longest session.timeout.ms that a member may have.")
        Duration sessionMax,
    @Setting(
            key = "group.leave.delay.ms",
            takes = "0 to 1800000",
            doc =
                "How long the place of a member that left is kept for the next that joins; 0: not at"
                    + " all.")
        Duration leaveDelay) {

  private static final int PARTITIONS_MAX = 10_000;
  private static final Duration LEAVE_DELAY_MAX = Duration.ofMinutes(30);

  /** 50 partitions, a week, 6 s to 30 min, no delay. */
  public static final GroupsConfig DEFAULTS =
      new GroupsConfig(50, 10_080, Duration.ofSeconds(6), Duration.ofMinutes(30), Duration.ZERO);

  /** Refuses what no group could live with. */
  public GroupsConfig {
    if (topicPartitions < 1 || topicPartitions > PARTITIONS_MAX) {
      throw new IllegalArgumentException(
          "Expected offsets.topic.num.partitions to be 1 to %d, but was %d"
              .formatted(PARTITIONS_MAX, topicPartitions));
    }
    if (retentionMinutes < 1) {
      throw new IllegalArgumentException(
          "Expected offsets.retention.minutes >= 1, but was " + retentionMinutes);
    }
    if (sessionMin.toMillis() < 1 || sessionMin.compareTo(sessionMax) > 0) {
      throw new IllegalArgumentException(
          "Expected 1 <= group.min.session.timeout.ms <= group.max.session.timeout.ms, but was %d and %d"
              .formatted(sessionMin.toMillis(), sessionMax.toMillis()));
    }
    if (leaveDelay.isNegative() || leaveDelay.compareTo(LEAVE_DELAY_MAX) > 0) {
      throw new IllegalArgumentException(
          "Expected group.leave.delay.ms to be 0 to %d, but was %d"
              .formatted(LEAVE_DELAY_MAX.toMillis(), leaveDelay.toMillis()));
    }
  }
}
