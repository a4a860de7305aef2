package dev.naru.client;

import dev.naru.types.Setting;
import java.time.Duration;

/** Settings of one consumer. */
public record ConsumerConfig(
    @Setting(
            key = "auto.offset.reset",
            doc = "Where reading begins without a position in the log: earliest, latest or none.")
        OffsetReset autoOffsetReset,
    @Setting(key = "fetch.min.bytes", doc = "A node answers once it has so many bytes.")
        int fetchMinBytes,
    @Setting(
            key = "fetch.max.bytes",
            doc = "Most bytes of one answer; a consumer holds at most twice as many.")
        int fetchMaxBytes,
    @Setting(
            key = "fetch.max.wait.ms",
            doc = "How long a node waits for fetch.min.bytes before it answers with less.")
        Duration fetchMaxWait,
    @Setting(
            key = "max.partition.fetch.bytes",
            doc = "Most bytes of one partition in one answer; its first batch comes whole.")
        int maxPartitionFetchBytes,
    @Setting(key = "max.poll.records", doc = "Most records that one poll returns.")
        int maxPollRecords) {

  /** What holds unless it is set. */
  public static final ConsumerConfig DEFAULTS =
      new ConsumerConfig(OffsetReset.LATEST, 1, 50 << 20, Duration.ofMillis(500), 1 << 20, 500);

  private static final int FETCH_WAIT_MILLIS_MAX = 60_000; // what nodes take

  /** Refuses values outside their bounds. */
  public ConsumerConfig {
    Settings.requireAtLeast("fetch.min.bytes", fetchMinBytes, 1);
    Settings.requireAtLeast("fetch.max.bytes", fetchMaxBytes, 1);
    fetchMaxWait =
        Settings.requireMillis("fetch.max.wait.ms", fetchMaxWait, 0, FETCH_WAIT_MILLIS_MAX);
    Settings.requireAtLeast("max.partition.fetch.bytes", maxPartitionFetchBytes, 1);
    Settings.requireAtLeast("max.poll.records", maxPollRecords, 1);
  }
}
