package dev.naru.client;

import dev.naru.record.Compression;
import java.util.Map;

/**
 * Settings by the names that Kafka's users know, read into the three records. Every value is
 * checked at once, whether a producer or consumer is ever made or not.
 */
record ClientProperties(ClientConfig client, ProducerConfig producer, ConsumerConfig consumer) {

  static final ClientProperties DEFAULTS =
      new ClientProperties(ClientConfig.DEFAULTS, ProducerConfig.DEFAULTS, ConsumerConfig.DEFAULTS);

  static ClientProperties of(Map<?, ?> properties) {
    var values = new PropertyValues(properties);
    var client = client(values, ClientConfig.DEFAULTS);
    var producer = producer(values, ProducerConfig.DEFAULTS);
    var consumer = consumer(values, ConsumerConfig.DEFAULTS);
    values.refuseUnknown();
    producer.requireTimeFor(client.requestTimeout());
    return new ClientProperties(client, producer, consumer);
  }

  ClientProperties withClient(ClientConfig other) {
    return new ClientProperties(other, producer, consumer);
  }

  private static ClientConfig client(PropertyValues values, ClientConfig defaults) {
    return new ClientConfig(
        values.addresses("bootstrap.servers"),
        values.text("client.id", defaults.clientId()),
        values.security("security.protocol"),
        values.duration("request.timeout.ms", defaults.requestTimeout()),
        values.duration("retry.backoff.ms", defaults.retryBackoff()),
        values.duration("retry.backoff.max.ms", defaults.retryBackoffMax()),
        values.duration("metadata.max.age.ms", defaults.metadataMaxAge()),
        values.duration("metadata.max.idle.ms", defaults.metadataMaxIdle()),
        values.bytes("connection.inflight.bytes", defaults.connectionInflightBytes()));
  }

  private static ProducerConfig producer(PropertyValues values, ProducerConfig defaults) {
    return new ProducerConfig(
        values.choice("acks", "0, 1 or all", Acks::ofText, defaults.acks()),
        values.bytes("buffer.memory", defaults.bufferMemory()),
        values.size("batch.size", defaults.batchSize()),
        values.duration("linger.ms", defaults.linger()),
        values.duration("max.block.ms", defaults.maxBlock()),
        values.count("retries", defaults.retries()),
        values.duration("delivery.timeout.ms", defaults.deliveryTimeout()),
        values.count("max.in.flight.requests.per.connection", defaults.maxInFlight()),
        values.choice(
            "compression.type",
            "none, gzip, snappy, lz4 or zstd",
            Compression::ofText,
            defaults.compression()),
        values.choice(
            "partitioner", "default or round_robin", Partitioning::ofText, defaults.partitioning()),
        values.flag("partitioner.ignore.keys", defaults.ignoresKeys()),
        values.optionalFlag("enable.idempotence"),
        values.size("max.request.size", defaults.maxRequestSize()),
        levels(values, defaults.levels()),
        values.choice(
            "key.hot.report",
            "off, hashed or plain",
            KeyReporting::ofText,
            defaults.keyReporting()));
  }

  private static CompressionLevels levels(PropertyValues values, CompressionLevels defaults) {
    return new CompressionLevels(
        values.count("compression.gzip.level", defaults.gzip()),
        values.count("compression.lz4.level", defaults.lz4()),
        values.count("compression.zstd.level", defaults.zstd()));
  }

  private static ConsumerConfig consumer(PropertyValues values, ConsumerConfig defaults) {
    return new ConsumerConfig(
        values.choice(
            "auto.offset.reset",
            "earliest, latest or none",
            OffsetReset::ofText,
            defaults.autoOffsetReset()),
        values.size("fetch.min.bytes", defaults.fetchMinBytes()),
        values.size("fetch.max.bytes", defaults.fetchMaxBytes()),
        values.duration("fetch.max.wait.ms", defaults.fetchMaxWait()),
        values.size("max.partition.fetch.bytes", defaults.maxPartitionFetchBytes()),
        values.count("max.poll.records", defaults.maxPollRecords()),
        values.choice(
            "isolation.level",
            "read_uncommitted or read_committed",
            IsolationLevel::ofText,
            defaults.isolation()),
        values.flag("check.crcs", defaults.checksCrcs()),
        values.duration("default.api.timeout.ms", defaults.apiTimeout()),
        values.optionalText("client.rack"),
        group(values, defaults.group()));
  }

  private static GroupConfig group(PropertyValues values, GroupConfig defaults) {
    return new GroupConfig(
        values.optionalText("group.id"),
        values.choice(
            "group.protocol", "native or classic", GroupProtocol::ofText, defaults.protocol()),
        values.optionalText("group.instance.id"),
        values.optionalText("group.remote.assignor"),
        values.choices(
            "partition.assignment.strategy",
            "at least one of range, roundrobin and sticky, none twice",
            AssignmentStrategy::ofText,
            defaults.strategies()),
        values.duration("session.timeout.ms", defaults.sessionTimeout()),
        values.duration("heartbeat.interval.ms", defaults.heartbeatInterval()),
        values.duration("max.poll.interval.ms", defaults.maxPollInterval()),
        values.flag("enable.auto.commit", defaults.autoCommit()),
        values.duration("auto.commit.interval.ms", defaults.autoCommitInterval()));
  }
}
