package dev.naru.metadata.image;

import dev.naru.metadata.image.ConfigKind.Choice;
import dev.naru.metadata.image.ConfigKind.Fraction;
import dev.naru.metadata.image.ConfigKind.Policies;
import dev.naru.metadata.image.ConfigKind.WholeNumber;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every setting a topic can have: its name, what it does, its values and what holds without it. */
public enum TopicConfig {
  RETENTION_MS(
      "retention.ms",
      "Age at which whole segments may be deleted; -1: no limit.",
      new WholeNumber(Quantity.MILLIS, 1, Long.MAX_VALUE, true),
      "604800000"),
  RETENTION_BYTES(
      "retention.bytes",
      "Size of a partition above which whole segments may be deleted; -1: no limit.",
      new WholeNumber(Quantity.BYTES, 1, Long.MAX_VALUE, true),
      "-1"),
  SEGMENT_BYTES(
      "segment.bytes",
      "Size at which a new segment is begun.",
      new WholeNumber(Quantity.BYTES, 16_384, Integer.MAX_VALUE, false),
      "1073741824"),
  SEGMENT_MS(
      "segment.ms",
      "Age at which a new segment is begun.",
      new WholeNumber(Quantity.MILLIS, 1, Long.MAX_VALUE, false),
      "604800000"),
  CLEANUP_POLICY("cleanup.policy", "What happens to old records.", new Policies(), "delete"),
  MIN_CLEANABLE_DIRTY_RATIO(
      "min.cleanable.dirty.ratio",
      "Share of a compacted log that is dirty, from which on it is cleaned.",
      new Fraction(),
      "0.5"),
  MIN_COMPACTION_LAG_MS(
      "min.compaction.lag.ms",
      "Age up to which no record is compacted away.",
      new WholeNumber(Quantity.MILLIS, 0, Long.MAX_VALUE, false),
      "0"),
  MAX_COMPACTION_LAG_MS(
      "max.compaction.lag.ms",
      "Age at which records are cleaned whatever share of the log is dirty.",
      new WholeNumber(Quantity.MILLIS, 1, Long.MAX_VALUE, false),
      "9223372036854775807"),
  DELETE_RETENTION_MS(
      "delete.retention.ms",
      "How long a compacted log keeps a tombstone, from its first pass and from its own time on.",
      new WholeNumber(Quantity.MILLIS, 0, Long.MAX_VALUE, false),
      "86400000"),
  MAX_MESSAGE_BYTES(
      "max.message.bytes",
      "Largest batch that is taken.",
      // A batch travels as one message: the most is what a listener takes with room to spare.
      new WholeNumber(Quantity.BYTES, 1_024, 16 << 20, false),
      "1048576"),
  MESSAGE_TIMESTAMP_TYPE(
      "message.timestamp.type",
      "Whether records carry the producer's time or that of the append.",
      new Choice(List.of("CreateTime", "LogAppendTime")),
      "CreateTime"),
  MESSAGE_TIMESTAMP_BEFORE_MAX_MS(
      "message.timestamp.before.max.ms",
      "How far before the leader's clock a producer's time may be.",
      new WholeNumber(Quantity.MILLIS, 0, Long.MAX_VALUE, false),
      "9223372036854775807"),
  MESSAGE_TIMESTAMP_AFTER_MAX_MS(
      "message.timestamp.after.max.ms",
      "How far after the leader's clock a producer's time may be.",
      new WholeNumber(Quantity.MILLIS, 0, Long.MAX_VALUE, false),
      "3600000"),
  MIN_INSYNC_REPLICAS(
      "min.insync.replicas",
      "With fewer in-sync replicas, acks=all is refused.",
      new WholeNumber(Quantity.COUNT, 1, Short.MAX_VALUE, false),
      "2 with three replicas or more, else 1"),
  FLUSH(
      "flush",
      "quorum: a record is acknowledged when it is on the disks of the ISR; os: in their memory. A"
          + " topic that got os has it for good.",
      new Choice(List.of("quorum", "os")),
      "quorum"),
  RECOVERY_MODE(
      "recovery.mode",
      "What happens to a partition without a safe replica; strict: it waits for one, or for an"
          + " operator; bounded: after recovery.wait.ms the best replica leads; available: at once.",
      new Choice(List.of("strict", "bounded", "available")),
      "strict"),
  RECOVERY_WAIT_MS(
      "recovery.wait.ms",
      "With recovery.mode=bounded: how long a partition waits for a safe replica, from the return of"
          + " its first replica on.",
      new WholeNumber(Quantity.MILLIS, 0, Long.MAX_VALUE, false),
      "300000"),
  UNCLEAN_LEADER_ELECTION_ENABLE(
      "unclean.leader.election.enable",
      "true is recovery.mode=available.",
      new Choice(List.of("false", "true")),
      "false");

  private final String key;
  private final String doc;

  @SuppressWarnings("ImmutableEnumChecker") // a record of immutable parts
  private final ConfigKind kind;

  private final String builtIn;
  private final int since;

  TopicConfig(String key, String doc, ConfigKind kind, String builtIn) {
    this(key, doc, kind, builtIn, 1);
  }

  TopicConfig(String key, String doc, ConfigKind kind, String builtIn, int since) {
    this.since = since;
    this.key = key;
    this.doc = doc;
    this.kind = kind;
    this.builtIn = builtIn;
  }

  /** The setting of this name. */
  public static Optional<TopicConfig> named(String key) {
    return Arrays.stream(values()).filter(config -> config.key.equals(key)).findFirst();
  }

  /** The same, if nodes of all releases know it that apply the log under these rules. */
  public static Optional<TopicConfig> named(String key, int metadataVersion) {
    return named(key).filter(config -> config.since <= metadataVersion);
  }

  /** The names of all that may be set under these rules. */
  public static Stream<String> keys(int metadataVersion) {
    return Arrays.stream(values())
        .filter(config -> config.since <= metadataVersion)
        .map(TopicConfig::key);
  }

  /** The metadata version that it came with: under older rules there is no such setting. */
  int since() {
    return since;
  }

  /** Its name. */
  public String key() {
    return key;
  }

  /** One sentence: what it does. */
  public String doc() {
    return doc;
  }

  /** What holds without it, as text; for {@link #MIN_INSYNC_REPLICAS} in words. */
  public String builtIn() {
    return builtIn;
  }

  ConfigKind kind() {
    return kind;
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
