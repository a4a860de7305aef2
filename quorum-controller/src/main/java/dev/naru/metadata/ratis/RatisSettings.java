package dev.naru.metadata.ratis;

import dev.naru.types.Setting;
import java.time.Duration;

/** How the metadata log runs. */
public record RatisSettings(
    @Setting(
            key = "raft.election.timeout.min.ms",
            takes = "at least 100",
            doc =
                "A voter that hears nothing from the active controller for this long may ask to take over.")
        Duration electionTimeoutMin,
    @Setting(
            key = "raft.election.timeout.max.ms",
            takes = "more than raft.election.timeout.min.ms",
            doc =
                "The latest moment at which it asks; each voter waits a random time between the two.")
        Duration electionTimeoutMax,
    @Setting(
            key = "metadata.snapshot.entries",
            takes = "at least 1",
            doc =
                "Entries of the metadata log after which a node writes its image and drops the log below it.")
        int snapshotEntries,
    @Setting(
            key = "metadata.snapshot.interval.ms",
            takes = "at least 1000",
            doc = "The same by time, for a cluster where little happens.")
        Duration snapshotInterval) {

  /** What an operator gets who sets nothing. */
  public static final RatisSettings DEFAULTS =
      new RatisSettings(
          Duration.ofMillis(300), Duration.ofMillis(600), 20_000, Duration.ofHours(1));

  /** Refuses timeouts below 100 ms or out of order, and snapshots that never come or never end. */
  public RatisSettings {
    if (electionTimeoutMin.toMillis() < 100
        || electionTimeoutMax.compareTo(electionTimeoutMin) <= 0) {
      throw new IllegalArgumentException(
          "Expected 100 <= raft.election.timeout.min.ms < raft.election.timeout.max.ms, but was "
              + electionTimeoutMin.toMillis()
              + " and "
              + electionTimeoutMax.toMillis());
    }
    if (snapshotEntries < 1) {
      throw new IllegalArgumentException(
          "Expected metadata.snapshot.entries >= 1, but was " + snapshotEntries);
    }
    if (snapshotInterval.toMillis() < 1_000) {
      throw new IllegalArgumentException(
          "Expected metadata.snapshot.interval.ms >= 1000, but was " + snapshotInterval.toMillis());
    }
  }
}
