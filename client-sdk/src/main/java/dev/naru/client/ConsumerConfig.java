package dev.naru.client;

import dev.naru.types.Setting;
import java.time.Duration;
import java.util.Optional;

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
        int maxPollRecords,
    @Setting(
            key = "isolation.level",
            doc = "Which records of transactions are read: read_uncommitted or read_committed.")
        IsolationLevel isolation,
    @Setting(key = "check.crcs", doc = "Whether checksums are compared before records are read.")
        boolean checksCrcs,
    @Setting(
            key = "default.api.timeout.ms",
            doc = "Longest wait of a call that asks the cluster and has no limit of its own.")
        Duration apiTimeout,
    @Setting(
            key = "client.rack",
            doc = "The rack of this process; members get what is led there where nothing is lost.")
        Optional<String> rack,
    GroupConfig group) {

  /** What holds unless it is set. */
  public static final ConsumerConfig DEFAULTS =
      new ConsumerConfig(
          OffsetReset.LATEST,
          1,
          50 << 20,
          Duration.ofMillis(500),
          1 << 20,
          500,
          IsolationLevel.READ_UNCOMMITTED,
          true,
          Duration.ofMinutes(1),
          Optional.empty(),
          GroupConfig.DEFAULTS);

  private static final int FETCH_WAIT_MILLIS_MAX = 60_000; // what nodes take
  private static final int RACK_LENGTH_MAX = 255;

  /** Refuses values outside their bounds. */
  public ConsumerConfig {
    Settings.requireAtLeast("fetch.min.bytes", fetchMinBytes, 1);
    Settings.requireAtLeast("fetch.max.bytes", fetchMaxBytes, 1);
    fetchMaxWait =
        Settings.requireMillis("fetch.max.wait.ms", fetchMaxWait, 0, FETCH_WAIT_MILLIS_MAX);
    Settings.requireAtLeast("max.partition.fetch.bytes", maxPartitionFetchBytes, 1);
    Settings.requireAtLeast("max.poll.records", maxPollRecords, 1);
    apiTimeout = Settings.requireMillis("default.api.timeout.ms", apiTimeout, 1, Integer.MAX_VALUE);
    rack.ifPresent(text ->
        Settings.require(
            !text.isEmpty()
                && text.length() <= RACK_LENGTH_MAX
                && text.chars().noneMatch(Character::isISOControl),
            "client.rack",
            "1 to " + RACK_LENGTH_MAX + " characters without control characters",
            text));
  }

  /** The same for somebody who is in no group and has no position. */
  ConsumerConfig outsideOfGroups(OffsetReset reset) {
    return new ConsumerConfig(
        reset,
        fetchMinBytes,
        fetchMaxBytes,
        fetchMaxWait,
        maxPartitionFetchBytes,
        maxPollRecords,
        isolation,
        checksCrcs,
        apiTimeout,
        rack,
        GroupConfig.DEFAULTS);
  }
}
