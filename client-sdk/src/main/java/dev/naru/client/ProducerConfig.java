package dev.naru.client;

import dev.naru.record.Compression;
import dev.naru.types.Setting;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of one producer. The defaults are Kafka's where nothing spoke against it, and chosen so
 * that few need to know of them:
 *
 * <ul>
 *   <li>{@code acks=all}: what was acknowledged survives the loss of a leader.
 *   <li>{@code linger.ms=0}: a lone record leaves at once. Under load nothing is lost by it: while
 *       a batch of a partition is on its way the next one fills. The one that records without a key
 *       go to also fills while the last batch of its topic is on its way, for 5 ms at most; and of
 *       64 partitions or more, while the leader has enough to do, for 10 ms.
 *   <li>{@code batch.size}, 16 KiB: what a producer of many partitions can afford to hold open for
 *       each. It is where a batch may go, not where it ends: while five are unanswered, the next
 *       grows to 256 KiB, beyond which the cost of a record falls no further.
 *   <li>{@code max.in.flight.requests.per.connection=5}: enough to keep a leader busy over a long
 *       way; and as few as make batches grow early, which costs the cluster less.
 *   <li>{@code buffer.memory}, 32 MiB: a tenth of a second at 300 MB/s. More would lengthen the
 *       queue, not the throughput. It counts the arrays that batches lie in; a quarter more may lie
 *       in the pool, and for records of less than 32 bytes as much again in callbacks.
 *   <li>{@code retries} without end: {@code delivery.timeout.ms}, two minutes, decides alone.
 *   <li>{@code compression.type=none}: who has a slow network or disk gains by lz4, which costs
 *       about as much as everything else that the client does; zstd makes batches smaller for two
 *       to three times that.
 * </ul>
 */
public record ProducerConfig(
    @Setting(key = "acks", doc = "When a record counts as taken: 0, 1 or all.") Acks acks,
    @Setting(
            key = "buffer.memory",
            doc = "Most bytes of batches that are not sent or not acknowledged.")
        long bufferMemory,
    @Setting(
            key = "batch.size",
            doc =
                "Target bytes of a batch, which grows on while it cannot go; 0 sends records singly.")
        int batchSize,
    @Setting(
            key = "linger.ms",
            doc =
                "Longest wait of a batch that is not full; with 0 it waits for those before it only.")
        Duration linger,
    @Setting(key = "max.block.ms", doc = "Longest wait of a send for memory or the first metadata.")
        Duration maxBlock,
    @Setting(key = "retries", doc = "Resends of a batch; 0 means none.") int retries,
    @Setting(
            key = "delivery.timeout.ms",
            doc = "Time from send until the record is acknowledged or has failed.")
        Duration deliveryTimeout,
    @Setting(
            key = "max.in.flight.requests.per.connection",
            doc = "Unanswered batches of one partition.")
        int maxInFlight,
    @Setting(key = "compression.type", doc = "none, gzip, snappy, lz4 or zstd.")
        Compression compression,
    @Setting(
            key = "partitioner",
            doc = "Where records without a key go: default (a batch each in turn) or round_robin.")
        Partitioning partitioning,
    @Setting(key = "partitioner.ignore.keys", doc = "Whether records with a key go there, too.")
        boolean ignoresKeys,
    @Setting(
            key = "enable.idempotence",
            doc =
                "Whether what is sent twice is stored once, in order; if absent, where acks and"
                    + " max.in.flight.requests.per.connection allow it.")
        Optional<Boolean> idempotence,
    @Setting(
            key = "max.request.size",
            doc =
                "Largest batch that is made, before compression; a record that would be larger by"
                    + " itself is refused.")
        int maxRequestSize,
    CompressionLevels levels,
    @Setting(
            key = "key.hot.report",
            doc = "What leaders are told of frequent keys: off, hashed or plain.")
        KeyReporting keyReporting) {

  private static final int REQUEST_BYTES_MAX = 16 << 20;

  /** Of one partition: a leader knows that many batches again. */
  private static final int NUMBERED_IN_FLIGHT_MAX = 5;

  /** What holds unless it is set. */
  public static final ProducerConfig DEFAULTS =
      new ProducerConfig(
          Acks.ALL,
          32L << 20,
          16 << 10,
          Duration.ZERO,
          Duration.ofMinutes(1),
          Integer.MAX_VALUE,
          Duration.ofMinutes(2),
          5,
          Compression.NONE,
          Partitioning.DEFAULT,
          false,
          Optional.empty(),
          1 << 20,
          CompressionLevels.DEFAULTS,
          KeyReporting.HASHED);

  /** Refuses values outside their bounds. */
  public ProducerConfig {
    Settings.requireAtLeast("buffer.memory", bufferMemory, 1);
    Settings.require(
        batchSize >= 0 && batchSize <= bufferMemory,
        "batch.size",
        "0 to " + bufferMemory + " (buffer.memory)",
        batchSize);
    linger = Settings.requireMillis("linger.ms", linger, 0, Integer.MAX_VALUE);
    maxBlock = Settings.requireMillis("max.block.ms", maxBlock, 0, Long.MAX_VALUE);
    Settings.requireAtLeast("retries", retries, 0);
    deliveryTimeout =
        Settings.requireMillis("delivery.timeout.ms", deliveryTimeout, 1, Integer.MAX_VALUE);
    Settings.requireAtLeast("max.in.flight.requests.per.connection", maxInFlight, 1);
    Settings.require(
        maxRequestSize >= 1 && maxRequestSize <= REQUEST_BYTES_MAX,
        "max.request.size",
        "1 to " + REQUEST_BYTES_MAX,
        maxRequestSize);
    levels.requireFor(compression);
    if (idempotence.orElse(false)) {
      Settings.require(acks == Acks.ALL, "acks", "all with enable.idempotence", acks.text());
      Settings.require(
          maxInFlight <= NUMBERED_IN_FLIGHT_MAX,
          "max.in.flight.requests.per.connection",
          "at most " + NUMBERED_IN_FLIGHT_MAX + " with enable.idempotence",
          maxInFlight);
    }
  }

  /** How hard the codec in use tries; 0 if it has no levels. */
  public int compressionLevel() {
    return levels.levelOf(compression);
  }

  /** Whether what is sent twice is stored once: unless it is said, where it can be had. */
  public boolean isIdempotent() {
    return idempotence.orElse(acks == Acks.ALL && maxInFlight <= NUMBERED_IN_FLIGHT_MAX);
  }

  /** Refuses settings that would have no effect beside an application's own partitioner. */
  public void requirePartitioningUnset() {
    Settings.require(
        partitioning == DEFAULTS.partitioning,
        "partitioner",
        "left out, because the application brings its own",
        partitioning.text());
    Settings.require(
        ignoresKeys == DEFAULTS.ignoresKeys,
        "partitioner.ignore.keys",
        "left out, because the application brings its own partitioner",
        ignoresKeys);
  }

  /** Refuses a delivery timeout that leaves no time for a single request. */
  public void requireTimeFor(Duration requestTimeout) {
    long least = linger.toMillis() + requestTimeout.toMillis();
    Settings.require(
        deliveryTimeout.toMillis() >= least,
        "delivery.timeout.ms",
        "at least linger.ms + request.timeout.ms ("
            + linger.toMillis()
            + " + "
            + requestTimeout.toMillis()
            + ")",
        deliveryTimeout.toMillis());
  }
}
