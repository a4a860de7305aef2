package dev.naru.metadata.image;

import dev.naru.types.CleanupPolicy;
import dev.naru.types.CompactionLimits;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * A topic's settings as they are in force: its own, else the cluster's default, else the built-in
 * one.
 *
 * @param retentionMillis -1: no limit
 * @param retentionBytes of one partition; -1: no limit
 * @param segmentMillis age at which a segment is closed
 * @param minInsync a default is capped at the replication factor
 * @param recoveryWaitMillis for {@link RecoveryMode#BOUNDED} only
 */
public record TopicSettings(
    long retentionMillis,
    long retentionBytes,
    int segmentBytes,
    long segmentMillis,
    int maxMessageBytes,
    MessageTimestamp timestamp,
    TimestampBounds timestampBounds,
    CleanupPolicy cleanup,
    CompactionLimits compaction,
    int minInsync,
    Flush flush,
    RecoveryMode recoveryMode,
    long recoveryWaitMillis) {

  /** The settings in force for a topic with these configs of its own, all in canonical form. */
  public static TopicSettings of(
      SortedMap<String, String> configs, ClusterDefaults defaults, int replicationFactor) {
    Function<TopicConfig, String> value =
        config -> explicit(configs, config).or(() -> defaults.of(config)).orElse(config.builtIn());
    return new TopicSettings(
        Long.parseLong(value.apply(TopicConfig.RETENTION_MS)),
        Long.parseLong(value.apply(TopicConfig.RETENTION_BYTES)),
        Integer.parseInt(value.apply(TopicConfig.SEGMENT_BYTES)),
        Long.parseLong(value.apply(TopicConfig.SEGMENT_MS)),
        Integer.parseInt(value.apply(TopicConfig.MAX_MESSAGE_BYTES)),
        value.apply(TopicConfig.MESSAGE_TIMESTAMP_TYPE).equals("LogAppendTime")
            ? MessageTimestamp.LOG_APPEND_TIME
            : MessageTimestamp.CREATE_TIME,
        new TimestampBounds(
            Long.parseLong(value.apply(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS)),
            Long.parseLong(value.apply(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS))),
        CleanupPolicy.parse(value.apply(TopicConfig.CLEANUP_POLICY)).orElseThrow(),
        compaction(value),
        minInsync(configs, defaults, replicationFactor),
        value.apply(TopicConfig.FLUSH).equals("os") ? Flush.OS : Flush.QUORUM,
        recoveryMode(configs)
            .or(() -> recoveryMode(defaults.topicConfigs()))
            .or(() -> preset(defaults))
            .orElse(RecoveryMode.STRICT),
        Long.parseLong(value.apply(TopicConfig.RECOVERY_WAIT_MS)));
  }

  /**
   * The two settings say the same thing: the topic's come before the cluster's, whichever is set.
   */
  private static Optional<RecoveryMode> recoveryMode(SortedMap<String, String> configs) {
    return explicit(configs, TopicConfig.RECOVERY_MODE)
        .map(TopicSettings::recoveryMode)
        .or(() ->
            explicit(configs, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE)
                .map(text -> text.equals("true") ? RecoveryMode.AVAILABLE : RecoveryMode.STRICT));
  }

  private static Optional<RecoveryMode> preset(ClusterDefaults defaults) {
    return defaults.of(TopicConfig.RECOVERY_MODE).map(TopicSettings::recoveryMode);
  }

  private static RecoveryMode recoveryMode(String text) {
    return switch (text) {
      case "bounded" -> RecoveryMode.BOUNDED;
      case "available" -> RecoveryMode.AVAILABLE;
      default -> RecoveryMode.STRICT;
    };
  }

  private static CompactionLimits compaction(Function<TopicConfig, String> value) {
    return new CompactionLimits(
        Double.parseDouble(value.apply(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO)),
        Long.parseLong(value.apply(TopicConfig.MIN_COMPACTION_LAG_MS)),
        Long.parseLong(value.apply(TopicConfig.MAX_COMPACTION_LAG_MS)),
        Long.parseLong(value.apply(TopicConfig.DELETE_RETENTION_MS)));
  }

  private static int minInsync(
      SortedMap<String, String> configs, ClusterDefaults defaults, int replicationFactor) {
    return explicit(configs, TopicConfig.MIN_INSYNC_REPLICAS)
        .map(Integer::parseInt)
        .orElseGet(() ->
            defaults
                .of(TopicConfig.MIN_INSYNC_REPLICAS)
                .map(byDefault -> Math.min(Integer.parseInt(byDefault), replicationFactor))
                .orElse(replicationFactor >= 3 ? 2 : 1));
  }

  private static Optional<String> explicit(SortedMap<String, String> configs, TopicConfig config) {
    return Optional.ofNullable(configs.get(config.key()));
  }
}
