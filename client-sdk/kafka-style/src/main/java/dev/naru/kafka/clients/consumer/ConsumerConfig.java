package dev.naru.kafka.clients.consumer;

/** The names of the settings of consumers. */
public final class ConsumerConfig {

  /** {@code bootstrap.servers}. */
  public static final String BOOTSTRAP_SERVERS_CONFIG = "bootstrap.servers";

  /** {@code client.id}. */
  public static final String CLIENT_ID_CONFIG = "client.id";

  /** {@code request.timeout.ms}. */
  public static final String REQUEST_TIMEOUT_MS_CONFIG = "request.timeout.ms";

  /** {@code retry.backoff.ms}. */
  public static final String RETRY_BACKOFF_MS_CONFIG = "retry.backoff.ms";

  /** {@code retry.backoff.max.ms}. */
  public static final String RETRY_BACKOFF_MAX_MS_CONFIG = "retry.backoff.max.ms";

  /** {@code metadata.max.age.ms}. */
  public static final String METADATA_MAX_AGE_CONFIG = "metadata.max.age.ms";

  /** {@code reconnect.backoff.ms}. */
  public static final String RECONNECT_BACKOFF_MS_CONFIG = "reconnect.backoff.ms";

  /** {@code reconnect.backoff.max.ms}. */
  public static final String RECONNECT_BACKOFF_MAX_MS_CONFIG = "reconnect.backoff.max.ms";

  /** {@code send.buffer.bytes}. */
  public static final String SEND_BUFFER_CONFIG = "send.buffer.bytes";

  /** {@code receive.buffer.bytes}. */
  public static final String RECEIVE_BUFFER_CONFIG = "receive.buffer.bytes";

  /** {@code connections.max.idle.ms}. */
  public static final String CONNECTIONS_MAX_IDLE_MS_CONFIG = "connections.max.idle.ms";

  /** {@code client.dns.lookup}. */
  public static final String CLIENT_DNS_LOOKUP_CONFIG = "client.dns.lookup";

  /** {@code interceptor.classes}. */
  public static final String INTERCEPTOR_CLASSES_CONFIG = "interceptor.classes";

  /** {@code security.protocol}. */
  public static final String SECURITY_PROTOCOL_CONFIG = "security.protocol";

  /** {@code key.deserializer}. */
  public static final String KEY_DESERIALIZER_CLASS_CONFIG = "key.deserializer";

  /** {@code value.deserializer}. */
  public static final String VALUE_DESERIALIZER_CLASS_CONFIG = "value.deserializer";

  /** {@code group.id}. */
  public static final String GROUP_ID_CONFIG = "group.id";

  /** {@code group.instance.id}. */
  public static final String GROUP_INSTANCE_ID_CONFIG = "group.instance.id";

  /** {@code group.protocol}. */
  public static final String GROUP_PROTOCOL_CONFIG = "group.protocol";

  /** {@code group.remote.assignor}. */
  public static final String GROUP_REMOTE_ASSIGNOR_CONFIG = "group.remote.assignor";

  /** {@code partition.assignment.strategy}. */
  public static final String PARTITION_ASSIGNMENT_STRATEGY_CONFIG = "partition.assignment.strategy";

  /** {@code auto.offset.reset}. */
  public static final String AUTO_OFFSET_RESET_CONFIG = "auto.offset.reset";

  /** {@code enable.auto.commit}. */
  public static final String ENABLE_AUTO_COMMIT_CONFIG = "enable.auto.commit";

  /** {@code auto.commit.interval.ms}. */
  public static final String AUTO_COMMIT_INTERVAL_MS_CONFIG = "auto.commit.interval.ms";

  /** {@code session.timeout.ms}. */
  public static final String SESSION_TIMEOUT_MS_CONFIG = "session.timeout.ms";

  /** {@code heartbeat.interval.ms}. */
  public static final String HEARTBEAT_INTERVAL_MS_CONFIG = "heartbeat.interval.ms";

  /** {@code max.poll.interval.ms}. */
  public static final String MAX_POLL_INTERVAL_MS_CONFIG = "max.poll.interval.ms";

  /** {@code max.poll.records}. */
  public static final String MAX_POLL_RECORDS_CONFIG = "max.poll.records";

  /** {@code fetch.min.bytes}. */
  public static final String FETCH_MIN_BYTES_CONFIG = "fetch.min.bytes";

  /** {@code fetch.max.bytes}. */
  public static final String FETCH_MAX_BYTES_CONFIG = "fetch.max.bytes";

  /** {@code fetch.max.wait.ms}. */
  public static final String FETCH_MAX_WAIT_MS_CONFIG = "fetch.max.wait.ms";

  /** {@code max.partition.fetch.bytes}. */
  public static final String MAX_PARTITION_FETCH_BYTES_CONFIG = "max.partition.fetch.bytes";

  /** {@code isolation.level}. */
  public static final String ISOLATION_LEVEL_CONFIG = "isolation.level";

  /** {@code check.crcs}. */
  public static final String CHECK_CRCS_CONFIG = "check.crcs";

  /** {@code client.rack}. */
  public static final String CLIENT_RACK_CONFIG = "client.rack";

  /** {@code default.api.timeout.ms}. */
  public static final String DEFAULT_API_TIMEOUT_MS_CONFIG = "default.api.timeout.ms";

  /** {@code allow.auto.create.topics}. */
  public static final String ALLOW_AUTO_CREATE_TOPICS_CONFIG = "allow.auto.create.topics";

  /** {@code exclude.internal.topics}. */
  public static final String EXCLUDE_INTERNAL_TOPICS_CONFIG = "exclude.internal.topics";

  private ConsumerConfig() {}
}
