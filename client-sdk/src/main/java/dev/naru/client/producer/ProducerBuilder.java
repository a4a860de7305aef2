package dev.naru.client.producer;

import dev.naru.client.Acks;
import dev.naru.client.CompressionLevels;
import dev.naru.client.KeyReporting;
import dev.naru.client.Partitioner;
import dev.naru.client.Partitioning;
import dev.naru.client.ProducerConfig;
import dev.naru.record.Compression;
import java.time.Duration;
import java.util.Optional;

/** Collects the settings of one producer; begins with those of the client it comes from. */
public final class ProducerBuilder<K, V> {

  private final Factory<K, V> factory;
  private Acks acks;
  private long bufferMemory;
  private int batchSize;
  private Duration linger;
  private Duration maxBlock;
  private int retries;
  private Duration deliveryTimeout;
  private int maxInFlight;
  private Compression compression;
  private CompressionLevels levels;
  private int maxRequestSize;
  private boolean ignoresKeys;
  private Partitioning partitioning;
  private Optional<Boolean> idempotence;
  private KeyReporting keyReporting;
  private Optional<Partitioner> partitioner = Optional.empty();

  /** Begins with these settings; applications call {@code NaruClient.producer}. */
  public ProducerBuilder(ProducerConfig config, Factory<K, V> factory) {
    this.factory = factory;
    this.acks = config.acks();
    this.bufferMemory = config.bufferMemory();
    this.batchSize = config.batchSize();
    this.linger = config.linger();
    this.maxBlock = config.maxBlock();
    this.retries = config.retries();
    this.deliveryTimeout = config.deliveryTimeout();
    this.maxInFlight = config.maxInFlight();
    this.compression = config.compression();
    this.levels = config.levels();
    this.maxRequestSize = config.maxRequestSize();
    this.ignoresKeys = config.ignoresKeys();
    this.partitioning = config.partitioning();
    this.idempotence = config.idempotence();
    this.keyReporting = config.keyReporting();
  }

  /** {@code acks}: when a record counts as taken; all by default. */
  public ProducerBuilder<K, V> acks(Acks value) {
    acks = value;
    return this;
  }

  /** {@code buffer.memory}: most bytes of records not yet acknowledged; 32 MiB by default. */
  public ProducerBuilder<K, V> bufferMemory(long bytes) {
    bufferMemory = bytes;
    return this;
  }

  /**
   * {@code batch.size}: target bytes of a batch, 16 KiB by default; it grows on while it cannot be
   * sent. 0 sends records singly.
   */
  public ProducerBuilder<K, V> batchSize(int bytes) {
    batchSize = bytes;
    return this;
  }

  /**
   * {@code linger.ms}: longest wait of a batch that is not full. By default 0: then it waits only
   * while another one of its partition is in flight; or, if keyless records go to it, for 5 ms at
   * most while the last one of its topic is.
   */
  public ProducerBuilder<K, V> linger(Duration value) {
    linger = value;
    return this;
  }

  /** {@code max.block.ms}: longest wait of a send for memory or first metadata; a minute. */
  public ProducerBuilder<K, V> maxBlock(Duration value) {
    maxBlock = value;
    return this;
  }

  /** {@code retries}: how often a batch is sent again; by default until its time is over. */
  public ProducerBuilder<K, V> retries(int value) {
    retries = value;
    return this;
  }

  /**
   * {@code delivery.timeout.ms}: time from {@code send} until a record is acknowledged or has
   * failed; two minutes by default, and at least {@code linger.ms} and {@code request.timeout.ms}.
   * With {@code enable.idempotence} also at most as long as nodes remember producers, which the
   * producer learns from them: else its first send fails with {@code INVALID_CONFIG}.
   */
  public ProducerBuilder<K, V> deliveryTimeout(Duration value) {
    deliveryTimeout = value;
    return this;
  }

  /** {@code max.in.flight.requests.per.connection}: unanswered batches of one partition; 5. */
  public ProducerBuilder<K, V> maxInFlight(int batches) {
    maxInFlight = batches;
    return this;
  }

  /** {@code compression.type}: none by default. Takes the codec at its default level. */
  public ProducerBuilder<K, V> compression(Compression value) {
    compression = value;
    levels = CompressionLevels.DEFAULTS;
    return this;
  }

  /**
   * {@code compression.type} and the level of that codec: for gzip 1 to 9, by default -1, which is
   * what zlib takes; for lz4 1 to 17, by default 9, which stands for the fast compressor and all
   * others for the thorough one; for zstd -131072 to 22, by default 1.
   *
   * @throws dev.naru.client.NaruException with {@code INVALID_CONFIG} for a level that the codec
   *     does not have
   */
  public ProducerBuilder<K, V> compression(Compression value, int level) {
    compression = value;
    levels = CompressionLevels.of(value, level);
    return this;
  }

  /**
   * {@code max.request.size}: most bytes of a batch before compression, 1 MiB by default and 16 MiB
   * at most; a record that is larger by itself is refused.
   */
  public ProducerBuilder<K, V> maxRequestSize(int bytes) {
    maxRequestSize = bytes;
    return this;
  }

  /**
   * {@code enable.idempotence}: whether what is sent twice is stored once, in order; by default if
   * {@code acks=all} and at most 5 batches are in flight, which it needs. A batch that fails while
   * nobody knows whether it is stored fails those that were sent behind it.
   */
  public ProducerBuilder<K, V> idempotence(boolean value) {
    idempotence = Optional.of(value);
    return this;
  }

  /**
   * {@code key.hot.report}: what leaders are told of frequent keys, every ten seconds; their hashes
   * by default.
   */
  public ProducerBuilder<K, V> keyReporting(KeyReporting value) {
    keyReporting = value;
    return this;
  }

  /** {@code partitioner}: where records without a key go; a batch each in turn by default. */
  public ProducerBuilder<K, V> partitioning(Partitioning value) {
    partitioning = value;
    return this;
  }

  /**
   * {@code partitioner.ignore.keys}: whether a record with a key goes where one without would go;
   * no by default. Then the records of a key are in several partitions, in no order.
   */
  public ProducerBuilder<K, V> ignoreKeys(boolean value) {
    ignoresKeys = value;
    return this;
  }

  /**
   * The application's own way to pick partitions, for records with and without a key. It takes the
   * place of {@code partitioner} and {@code partitioner.ignore.keys}, which are left out then.
   */
  public ProducerBuilder<K, V> partitioner(Partitioner value) {
    partitioner = Optional.of(value);
    return this;
  }

  /**
   * Makes the producer.
   *
   * @throws dev.naru.client.NaruException with {@code INVALID_CONFIG} for a value outside its
   *     bounds
   */
  public Producer<K, V> build() {
    var config =
        new ProducerConfig(
            acks,
            bufferMemory,
            batchSize,
            linger,
            maxBlock,
            retries,
            deliveryTimeout,
            maxInFlight,
            compression,
            partitioning,
            ignoresKeys,
            idempotence,
            maxRequestSize,
            levels,
            keyReporting);
    if (partitioner.isPresent()) {
      config.requirePartitioningUnset();
    }
    return factory.open(config, partitioner);
  }

  /** Makes a producer that belongs to one client. */
  @FunctionalInterface
  public interface Factory<K, V> {

    /** Makes it. */
    Producer<K, V> open(ProducerConfig config, Optional<Partitioner> partitioner);
  }
}
