package dev.naru.kafka.common.config;

/** Settings of topics. */
public final class TopicConfig {

  /** What becomes of old records. */
  public static final String CLEANUP_POLICY_CONFIG = "cleanup.policy";

  /** A value of it. */
  public static final String CLEANUP_POLICY_COMPACT = "compact";

  /** A value of it. */
  public static final String CLEANUP_POLICY_DELETE = "delete";

  /** How long records are kept. */
  public static final String RETENTION_MS_CONFIG = "retention.ms";

  /** How many bytes of a partition are kept. */
  public static final String RETENTION_BYTES_CONFIG = "retention.bytes";

  /** With fewer, acks=all is refused. */
  public static final String MIN_IN_SYNC_REPLICAS_CONFIG = "min.insync.replicas";

  /** Largest batch. */
  public static final String MAX_MESSAGE_BYTES_CONFIG = "max.message.bytes";

  /** When a segment is full. */
  public static final String SEGMENT_BYTES_CONFIG = "segment.bytes";

  /** When a segment ends in any case. */
  public static final String SEGMENT_MS_CONFIG = "segment.ms";

  private TopicConfig() {}
}
