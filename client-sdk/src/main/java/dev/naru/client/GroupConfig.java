package dev.naru.client;

import dev.naru.types.ChosenName;
import dev.naru.types.ErrorCode;
import dev.naru.types.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Settings of a consumer as a member of a group. */
public record GroupConfig(
    @Setting(
            key = "group.id",
            doc = "The group: its members share the partitions of the topics they subscribe to.")
        Optional<String> groupId,
    @Setting(
            key = "group.protocol",
            doc = "native: the cluster assigns, only what moves stands still; classic: a member.")
        GroupProtocol protocol,
    @Setting(
            key = "group.instance.id",
            doc = "A name that a restarted member comes back under, to what it had.")
        Optional<String> instanceId,
    @Setting(
            key = "group.remote.assignor",
            doc = "With group.protocol=native: what the cluster assigns by; its default if absent.")
        Optional<String> remoteAssignor,
    @Setting(
            key = "partition.assignment.strategy",
            doc =
                "With group.protocol=classic: range, roundrobin, sticky, the preferred one first.")
        List<AssignmentStrategy> strategies,
    @Setting(
            key = "session.timeout.ms",
            doc = "A member that is not heard for so long is out of its group.")
        Duration sessionTimeout,
    @Setting(key = "heartbeat.interval.ms", doc = "How often a member shows that it lives.")
        Duration heartbeatInterval,
    @Setting(
            key = "max.poll.interval.ms",
            doc = "A member that does not poll for so long leaves its group.")
        Duration maxPollInterval,
    @Setting(
            key = "enable.auto.commit",
            doc = "Whether poll commits by itself what was processed before it.")
        boolean autoCommit,
    @Setting(key = "auto.commit.interval.ms", doc = "Time between two of these commits.")
        Duration autoCommitInterval) {

  private static final int SESSION_MILLIS_MIN = 6_000;
  private static final int SESSION_MILLIS_MAX = 1_800_000;

  /** One that is late and one that is lost do not end a session. */
  private static final int HEARTBEATS_MIN = 3;

  /** What holds unless it is set: no group. */
  public static final GroupConfig DEFAULTS =
      new GroupConfig(
          Optional.empty(),
          GroupProtocol.NATIVE,
          Optional.empty(),
          Optional.empty(),
          List.of(AssignmentStrategy.RANGE),
          Duration.ofSeconds(45),
          Duration.ofSeconds(3),
          Duration.ofMinutes(5),
          true,
          Duration.ofSeconds(5));

  /** Refuses values outside their bounds. */
  public GroupConfig {
    groupId.ifPresent(GroupConfig::requireGroupId);
    instanceId.ifPresent(text -> requireName("group.instance.id", text));
    remoteAssignor.ifPresent(text -> requireName("group.remote.assignor", text));
    Settings.require(
        !strategies.isEmpty() && new TreeSet<>(strategies).size() == strategies.size(),
        "partition.assignment.strategy",
        "at least one of range, roundrobin and sticky, none twice",
        strategies);
    heartbeatInterval =
        Settings.requireMillis("heartbeat.interval.ms", heartbeatInterval, 1, Integer.MAX_VALUE);
    sessionTimeout =
        Settings.requireMillis(
            "session.timeout.ms", sessionTimeout, SESSION_MILLIS_MIN, SESSION_MILLIS_MAX);
    Settings.require(
        sessionTimeout.toMillis() / HEARTBEATS_MIN >= heartbeatInterval.toMillis(),
        "session.timeout.ms",
        "at least %d times heartbeat.interval.ms (%d)"
            .formatted(HEARTBEATS_MIN, heartbeatInterval.toMillis()),
        sessionTimeout.toMillis());
    maxPollInterval =
        Settings.requireMillis("max.poll.interval.ms", maxPollInterval, 1, Integer.MAX_VALUE);
    autoCommitInterval =
        Settings.requireMillis("auto.commit.interval.ms", autoCommitInterval, 0, Integer.MAX_VALUE);
    strategies = List.copyOf(strategies);
  }

  /** The code is the one that the cluster refuses such an id with. */
  private static void requireGroupId(String text) {
    if (!ChosenName.isValid(text)) {
      throw new NaruException(
          ErrorCode.INVALID_GROUP_ID,
          Settings.expected("group.id", ChosenName.RULE, text),
          Map.of("setting", "group.id"));
    }
  }

  private static void requireName(String setting, String text) {
    Settings.require(ChosenName.isValid(text), setting, ChosenName.RULE, text);
  }
}
