package dev.naru.kafka.clients.admin;

/** The names of the settings of the administration. */
public final class AdminClientConfig {

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

  /** {@code default.api.timeout.ms}. */
  public static final String DEFAULT_API_TIMEOUT_MS_CONFIG = "default.api.timeout.ms";

  private AdminClientConfig() {}
}
