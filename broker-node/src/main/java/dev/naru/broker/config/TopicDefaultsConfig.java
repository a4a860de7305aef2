package dev.naru.broker.config;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.types.Setting;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePMap;

/**
 * What a topic has when its creator says nothing. The first controller gives it to the cluster, for
 * which it then holds; what a value may be is decided where topics are.
 */
public record TopicDefaultsConfig(
    @Setting(key = "num.partitions", doc = "Partitions of a new topic.") int partitions,
    @Setting(
            key = "default.replication.factor",
            doc = "Copies of each partition; at most as many as nodes are registered.")
        int replicationFactor,
    @Setting(
            key = "min.insync.replicas",
            doc =
                "With fewer in-sync replicas acks=all is refused; absent: 2 of 3 or more, else 1.")
        Optional<String> minInsyncReplicas,
    @Setting(
            key = "flush",
            doc =
                "quorum: a replica counts what is on its disk; os: what is in its page cache. A topic that got os has it for good.")
        Optional<String> flush,
    @Setting(
            key = "recovery.mode",
            doc =
                "A partition without a safe replica: strict waits for one, bounded takes the best after recovery.wait.ms, available at once.")
        Optional<String> recoveryMode,
    @Setting(
            key = "recovery.wait.ms",
            doc =
                "With recovery.mode=bounded: from the first replica's return until the best leads.")
        Optional<String> recoveryWaitMillis,
    @Setting(key = "unclean.leader.election.enable", doc = "true is recovery.mode=available.")
        Optional<String> uncleanElection,
    @Setting(key = "max.message.bytes", doc = "The largest batch that a topic takes.")
        Optional<String> maxMessageBytes,
    @Setting(
            key = "message.timestamp.type",
            doc = "CreateTime: records carry the producer's time; LogAppendTime: the leader's.")
        Optional<String> timestampType,
    @Setting(key = "log.segment.bytes", doc = "The size at which a log begins another segment.")
        Optional<String> segmentBytes,
    @Setting(key = "log.roll.ms", doc = "The age at which a log begins another segment.")
        Optional<String> rollMillis,
    @Setting(
            key = "log.roll.hours",
            takes = "at least 1",
            absent = "none",
            doc =
                "The same in hours, where log.roll.ms does not say it; set log.roll.ms of a cluster that there is.")
        Optional<Integer> rollHours,
    @Setting(key = "log.retention.ms", doc = "Age at which whole segments may go; -1: no limit.")
        Optional<String> retentionMillis,
    @Setting(
            key = "log.retention.bytes",
            doc = "Size of a partition above which whole segments may go; -1: no limit.")
        Optional<String> retentionBytes,
    @Setting(
            key = "durability",
            absent = "strict (built in)",
            doc =
                "A preset of flush, min.insync.replicas, recovery.mode and recovery.wait.ms; what is set by itself wins, also where a first controller's file only repeats what is built in.")
        Optional<Durability> durability) {

  private static final int PARTITIONS_MAX = 10_000;

  /** Nothing but the numbers of partitions and copies; the rest is built in. */
  public static final TopicDefaultsConfig DEFAULTS =
      new TopicDefaultsConfig(
          ClusterDefaults.BUILT_IN.partitions(),
          ClusterDefaults.BUILT_IN.replicationFactor(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Refuses what no topic could have, and puts every value into its canonical form. */
  public TopicDefaultsConfig {
    refuseOutside("num.partitions", partitions, PARTITIONS_MAX);
    refuseOutside("default.replication.factor", replicationFactor, Short.MAX_VALUE);
    minInsyncReplicas =
        canonical("min.insync.replicas", TopicConfig.MIN_INSYNC_REPLICAS, minInsyncReplicas);
    flush = canonical("flush", TopicConfig.FLUSH, flush);
    recoveryMode = canonical("recovery.mode", TopicConfig.RECOVERY_MODE, recoveryMode);
    recoveryWaitMillis =
        canonical("recovery.wait.ms", TopicConfig.RECOVERY_WAIT_MS, recoveryWaitMillis);
    uncleanElection =
        canonical(
            "unclean.leader.election.enable",
            TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE,
            uncleanElection);
    if (uncleanElection.filter("true"::equals).isPresent()
        && recoveryMode.filter(mode -> !mode.equals("available")).isPresent()) {
      throw new IllegalArgumentException(
          "Expected unclean.leader.election.enable=true with recovery.mode=available or without recovery.mode, but was with "
              + recoveryMode.get());
    }
    maxMessageBytes =
        canonical("max.message.bytes", TopicConfig.MAX_MESSAGE_BYTES, maxMessageBytes);
    timestampType =
        canonical("message.timestamp.type", TopicConfig.MESSAGE_TIMESTAMP_TYPE, timestampType);
    segmentBytes = canonical("log.segment.bytes", TopicConfig.SEGMENT_BYTES, segmentBytes);
    rollMillis = canonical("log.roll.ms", TopicConfig.SEGMENT_MS, rollMillis);
    rollHours.ifPresent(hours -> refuseOutside("log.roll.hours", hours, Integer.MAX_VALUE));
    retentionMillis = canonical("log.retention.ms", TopicConfig.RETENTION_MS, retentionMillis);
    retentionBytes = canonical("log.retention.bytes", TopicConfig.RETENTION_BYTES, retentionBytes);
  }

  /** The same for the metadata log. */
  public ClusterDefaults clusterDefaults() {
    var configs = new TreeMap<String, String>();
    put(configs, TopicConfig.MIN_INSYNC_REPLICAS, minInsyncReplicas);
    put(configs, TopicConfig.FLUSH, flush);
    put(configs, TopicConfig.RECOVERY_MODE, recoveryMode);
    put(configs, TopicConfig.RECOVERY_WAIT_MS, recoveryWaitMillis);
    put(configs, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE, uncleanElection);
    put(configs, TopicConfig.MAX_MESSAGE_BYTES, maxMessageBytes);
    put(configs, TopicConfig.MESSAGE_TIMESTAMP_TYPE, timestampType);
    put(configs, TopicConfig.SEGMENT_BYTES, segmentBytes);
    put(
        configs,
        TopicConfig.SEGMENT_MS,
        rollMillis.or(() -> rollHours.map(TopicDefaultsConfig::millis)));
    put(configs, TopicConfig.RETENTION_MS, retentionMillis);
    put(configs, TopicConfig.RETENTION_BYTES, retentionBytes);
    return new ClusterDefaults(partitions, replicationFactor, TreePMap.from(configs), durability);
  }

  private static String millis(int hours) {
    return Long.toString(Duration.ofHours(hours).toMillis());
  }

  private static void put(
      TreeMap<String, String> configs, TopicConfig config, Optional<String> value) {
    value.ifPresent(text -> configs.put(config.key(), text));
  }

  private static Optional<String> canonical(
      String key, TopicConfig config, Optional<String> written) {
    return written.map(text ->
        config
            .canonical(text)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "Expected %s to be %s, but was %s".formatted(key, config.expected(), text))));
  }

  private static void refuseOutside(String key, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "Expected %s to be 1 to %d, but was %d".formatted(key, most, value));
    }
  }
}
