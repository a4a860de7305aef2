package dev.naru.metadata.image;

import dev.naru.metadata.image.ConfigKind.Choice;
import dev.naru.metadata.image.ConfigKind.Share;
import dev.naru.metadata.image.ConfigKind.WholeNumber;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every setting that can be changed while nodes run: its values, for whom it may be set, and when
 * another value counts. All others are read from a node's file, variables and flags at its start.
 */
public enum DynamicSetting {
  NUM_PARTITIONS(
      "num.partitions",
      new WholeNumber(Quantity.COUNT, 1, 10_000, false),
      DynamicSetting.NEW_TOPICS),
  DEFAULT_REPLICATION_FACTOR(
      "default.replication.factor",
      new WholeNumber(Quantity.COUNT, 1, Short.MAX_VALUE, false),
      DynamicSetting.NEW_TOPICS),
  DURABILITY(
      "durability",
      new Choice(Arrays.stream(Durability.values()).map(Durability::text).toList()),
      DynamicSetting.TOPICS),
  LOG_RETENTION_MS("log.retention.ms", TopicConfig.RETENTION_MS),
  LOG_RETENTION_BYTES("log.retention.bytes", TopicConfig.RETENTION_BYTES),
  LOG_SEGMENT_BYTES("log.segment.bytes", TopicConfig.SEGMENT_BYTES),
  LOG_ROLL_MS("log.roll.ms", TopicConfig.SEGMENT_MS),
  CLEANUP_POLICY(TopicConfig.CLEANUP_POLICY),
  MIN_CLEANABLE_DIRTY_RATIO(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO),
  MIN_COMPACTION_LAG_MS(TopicConfig.MIN_COMPACTION_LAG_MS),
  MAX_COMPACTION_LAG_MS(TopicConfig.MAX_COMPACTION_LAG_MS),
  DELETE_RETENTION_MS(TopicConfig.DELETE_RETENTION_MS),
  MAX_MESSAGE_BYTES(TopicConfig.MAX_MESSAGE_BYTES),
  MESSAGE_TIMESTAMP_TYPE(TopicConfig.MESSAGE_TIMESTAMP_TYPE),
  MESSAGE_TIMESTAMP_BEFORE_MAX_MS(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS),
  MESSAGE_TIMESTAMP_AFTER_MAX_MS(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS),
  MIN_INSYNC_REPLICAS(TopicConfig.MIN_INSYNC_REPLICAS),
  FLUSH(TopicConfig.FLUSH),
  RECOVERY_MODE(TopicConfig.RECOVERY_MODE),
  RECOVERY_WAIT_MS(TopicConfig.RECOVERY_WAIT_MS),
  UNCLEAN_LEADER_ELECTION_ENABLE(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE),
  CONNECTION_INFLIGHT_BYTES(
      "connection.inflight.bytes",
      Reach.NODES,
      new WholeNumber(Quantity.BYTES, 1 << 16, DynamicSetting.BYTES_MAX, false),
      "for streams that producers open from then on"),
  DISK_USED_RATIO_MAX(
      "disk.used.ratio.max",
      Reach.NODES,
      new Share(),
      "at the next look at the disks, in a second"),
  LOG_RETENTION_CHECK_INTERVAL_MS(
      "log.retention.check.interval.ms",
      Reach.NODES,
      new WholeNumber(Quantity.MILLIS, 1, DynamicSetting.MILLIS_MAX, false),
      "within a second"),
  SET_ASIDE_RETENTION_MS(
      "set.aside.retention.ms",
      Reach.NODES,
      new WholeNumber(Quantity.MILLIS, 0, DynamicSetting.MILLIS_MAX, false),
      "at the next look, after log.retention.check.interval.ms"),
  LOG_CLEANER_IO_MAX_BYTES_PER_SECOND(
      "log.cleaner.io.max.bytes.per.second",
      Reach.NODES,
      new WholeNumber(Quantity.BYTES, 1, DynamicSetting.BYTES_MAX, false),
      "within a second"),
  LOG_CLEANER_BACKOFF_MS(
      "log.cleaner.backoff.ms",
      Reach.NODES,
      new WholeNumber(Quantity.MILLIS, 1, DynamicSetting.MILLIS_MAX, false),
      "within a second"),
  LOG_SCRUB_INTERVAL_MS(
      "log.scrub.interval.ms",
      Reach.NODES,
      new WholeNumber(Quantity.MILLIS, 0, DynamicSetting.MILLIS_MAX, false),
      "within a second"),
  LOG_SCRUB_BYTES_PER_SECOND(
      "log.scrub.bytes.per.second",
      Reach.NODES,
      new WholeNumber(Quantity.BYTES, 0, DynamicSetting.BYTES_MAX, false),
      "within a second"),
  PRODUCER_ID_EXPIRATION_MS(
      "producer.id.expiration.ms",
      Reach.NODES,
      new WholeNumber(Quantity.MILLIS, 3_600_000, DynamicSetting.MILLIS_MAX, false),
      "at the next look at silent producers, in ten minutes at the latest"),
  OFFSETS_RETENTION_MINUTES(
      "offsets.retention.minutes",
      Reach.NODES,
      new WholeNumber(Quantity.COUNT, 1, Integer.MAX_VALUE, false),
      "at the next look for offsets of no use, in ten minutes at the latest");

  /** For whom a setting may be set. */
  public enum Reach {
    /** For the cluster: what topics get. */
    TOPICS,
    /** For the cluster, and for single nodes, which wins. */
    NODES
  }

  private static final String TOPICS = "at once, for every topic that does not set it itself";
  private static final String NEW_TOPICS = "for topics that are created from then on";

  /** A century, far below what nanoseconds can count. */
  private static final long MILLIS_MAX = 3_155_760_000_000L;

  /** A pebibyte. */
  private static final long BYTES_MAX = 1L << 50;

  private final String key;
  private final Reach reach;

  @SuppressWarnings("ImmutableEnumChecker") // a record of immutable parts
  private final ConfigKind kind;

  private final String effect;

  @SuppressWarnings("ImmutableEnumChecker") // an enum's constant, or nothing
  private final Optional<TopicConfig> topicConfig;

  private final int since;

  DynamicSetting(TopicConfig config) {
    this(config.key(), config);
  }

  DynamicSetting(String key, TopicConfig config) {
    this(
        key,
        Reach.TOPICS,
        config.kind(),
        DynamicSetting.TOPICS,
        Optional.of(config),
        config.since());
  }

  DynamicSetting(String key, ConfigKind kind, String effect) {
    this(key, Reach.TOPICS, kind, effect);
  }

  DynamicSetting(String key, Reach reach, ConfigKind kind, String effect) {
    this(key, reach, kind, effect, Optional.empty(), 1);
  }

  DynamicSetting(
      String key,
      Reach reach,
      ConfigKind kind,
      String effect,
      Optional<TopicConfig> topicConfig,
      int since) {
    this.key = key;
    this.reach = reach;
    this.kind = kind;
    this.effect = effect;
    this.topicConfig = topicConfig;
    this.since = since;
  }

  /** The setting of this name. */
  public static Optional<DynamicSetting> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  /** The same, if nodes of all releases know it that apply the log under these rules. */
  public static Optional<DynamicSetting> named(String key, int metadataVersion) {
    return named(key).filter(setting -> setting.since <= metadataVersion);
  }

  /** The names of all that may be set under these rules. */
  public static Stream<String> keys(int metadataVersion) {
    return Arrays.stream(values())
        .filter(setting -> setting.since <= metadataVersion)
        .map(DynamicSetting::key);
  }

  /** The one that is the cluster's default of a topic setting. */
  public static DynamicSetting defaultOf(TopicConfig config) {
    return Arrays.stream(values())
        .filter(setting -> setting.topicConfig.equals(Optional.of(config)))
        .findFirst()
        .orElseThrow();
  }

  /** Those that may be set for one node, by name. */
  public static List<DynamicSetting> ofNodes() {
    return Arrays.stream(values()).filter(setting -> setting.reach == Reach.NODES).toList();
  }

  /** Its name, the same in a node's file. */
  public String key() {
    return key;
  }

  /**
   * Which kind of value it has, with its unit: {@code ms}, {@code bytes}, or the words it takes.
   */
  public String kind() {
    return kind.name();
  }

  /** For whom it may be set. */
  public Reach reach() {
    return reach;
  }

  /** When another value counts, to follow "takes effect". */
  public String effect() {
    return effect;
  }

  /** The topic setting whose default it is. */
  public Optional<TopicConfig> topicConfig() {
    return topicConfig;
  }

  /** The value in its one canonical form, or empty if it is not allowed. */
  public Optional<String> canonical(String value) {
    return kind.canonical(value);
  }

  /** What is allowed, to follow "Expected x to be". */
  public String expected() {
    return kind.expected();
  }
}
