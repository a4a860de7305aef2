package dev.naru.client.consumer;

import dev.naru.client.ConsumerConfig;
import dev.naru.client.OffsetReset;
import java.time.Duration;
import java.util.function.Function;

/** Collects the settings of one consumer; begins with those of the client it comes from. */
public final class ConsumerBuilder<K, V> {

  private final Function<ConsumerConfig, Consumer<K, V>> factory;
  private final ConsumerConfig given;
  private OffsetReset autoOffsetReset;
  private int fetchMinBytes;
  private int fetchMaxBytes;
  private Duration fetchMaxWait;
  private int maxPartitionFetchBytes;
  private int maxPollRecords;

  /** Begins with these settings; applications call {@code NaruClient.consumer}. */
  public ConsumerBuilder(ConsumerConfig config, Function<ConsumerConfig, Consumer<K, V>> factory) {
    this.factory = factory;
    this.given = config;
    this.autoOffsetReset = config.autoOffsetReset();
    this.fetchMinBytes = config.fetchMinBytes();
    this.fetchMaxBytes = config.fetchMaxBytes();
    this.fetchMaxWait = config.fetchMaxWait();
    this.maxPartitionFetchBytes = config.maxPartitionFetchBytes();
    this.maxPollRecords = config.maxPollRecords();
  }

  /** {@code auto.offset.reset}: where reading begins without a position; latest by default. */
  public ConsumerBuilder<K, V> autoOffsetReset(OffsetReset value) {
    autoOffsetReset = value;
    return this;
  }

  /** {@code fetch.min.bytes}: a node answers once it has so many; 1 by default. */
  public ConsumerBuilder<K, V> fetchMinBytes(int bytes) {
    fetchMinBytes = bytes;
    return this;
  }

  /**
   * {@code fetch.max.bytes}: most bytes of one answer, 50 MiB by default; the consumer holds at
   * most twice as many.
   */
  public ConsumerBuilder<K, V> fetchMaxBytes(int bytes) {
    fetchMaxBytes = bytes;
    return this;
  }

  /**
   * {@code fetch.max.wait.ms}: how long a node waits for {@code fetch.min.bytes}; 500 ms by
   * default, at most a minute.
   */
  public ConsumerBuilder<K, V> fetchMaxWait(Duration value) {
    fetchMaxWait = value;
    return this;
  }

  /**
   * {@code max.partition.fetch.bytes}: most bytes of one partition in one answer, 1 MiB by default;
   * its first batch comes whole.
   */
  public ConsumerBuilder<K, V> maxPartitionFetchBytes(int bytes) {
    maxPartitionFetchBytes = bytes;
    return this;
  }

  /** {@code max.poll.records}: most records that one poll returns; 500 by default. */
  public ConsumerBuilder<K, V> maxPollRecords(int records) {
    maxPollRecords = records;
    return this;
  }

  /**
   * Makes the consumer.
   *
   * @throws dev.naru.client.NaruException with {@code INVALID_CONFIG} for a value outside its
   *     bounds
   */
  public Consumer<K, V> build() {
    return factory.apply(
        new ConsumerConfig(
            autoOffsetReset,
            fetchMinBytes,
            fetchMaxBytes,
            fetchMaxWait,
            maxPartitionFetchBytes,
            maxPollRecords,
            given.isolation(),
            given.checksCrcs(),
            given.apiTimeout(),
            given.rack(),
            given.group()));
  }
}
