package dev.naru.kafka.clients.producer;

/** The names of the settings of producers. */
public final class ProducerConfig {

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

  /** {@code key.serializer}. */
  public static final String KEY_SERIALIZER_CLASS_CONFIG = "key.serializer";

  /** {@code value.serializer}. */
  public static final String VALUE_SERIALIZER_CLASS_CONFIG = "value.serializer";

  /** {@code acks}. */
  public static final String ACKS_CONFIG = "acks";

  /** {@code batch.size}. */
  public static final String BATCH_SIZE_CONFIG = "batch.size";

  /** {@code linger.ms}. */
  public static final String LINGER_MS_CONFIG = "linger.ms";

  /** {@code buffer.memory}. */
  public static final String BUFFER_MEMORY_CONFIG = "buffer.memory";

  /** {@code max.block.ms}. */
  public static final String MAX_BLOCK_MS_CONFIG = "max.block.ms";

  /** {@code max.request.size}. */
  public static final String MAX_REQUEST_SIZE_CONFIG = "max.request.size";

  /** {@code retries}. */
  public static final String RETRIES_CONFIG = "retries";

  /** {@code delivery.timeout.ms}. */
  public static final String DELIVERY_TIMEOUT_MS_CONFIG = "delivery.timeout.ms";

  /** {@code enable.idempotence}. */
  public static final String ENABLE_IDEMPOTENCE_CONFIG = "enable.idempotence";

  /** {@code max.in.flight.requests.per.connection}. */
  public static final String MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION =
      "max.in.flight.requests.per.connection";

  /** {@code compression.type}. */
  public static final String COMPRESSION_TYPE_CONFIG = "compression.type";

  /** {@code compression.gzip.level}. */
  public static final String COMPRESSION_GZIP_LEVEL_CONFIG = "compression.gzip.level";

  /** {@code compression.lz4.level}. */
  public static final String COMPRESSION_LZ4_LEVEL_CONFIG = "compression.lz4.level";

  /** {@code compression.zstd.level}. */
  public static final String COMPRESSION_ZSTD_LEVEL_CONFIG = "compression.zstd.level";

  /** {@code metadata.max.idle.ms}. */
  public static final String METADATA_MAX_IDLE_CONFIG = "metadata.max.idle.ms";

  /** {@code partitioner.class}. */
  public static final String PARTITIONER_CLASS_CONFIG = "partitioner.class";

  /** {@code partitioner.ignore.keys}. */
  public static final String PARTITIONER_IGNORE_KEYS_CONFIG = "partitioner.ignore.keys";

  /** {@code transactional.id}. */
  public static final String TRANSACTIONAL_ID_CONFIG = "transactional.id";

  private ProducerConfig() {}
}
