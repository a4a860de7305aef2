package dev.naru.broker.replica;

import dev.naru.types.Setting;
import java.time.Duration;

/** How a node replicates. */
public record ReplicationConfig(
    @Setting(
            key = "replica.lag.time.max.ms",
            takes = "at least 1",
            doc = "A replica that is behind for longer leaves the in-sync replicas.")
        Duration lagMax,
    @Setting(
            key = "replica.window.bytes",
            takes = "at least 1",
            doc =
                "How much a leader may send to a follower of a partition before it is granted more.")
        int windowBytes) {

  /** 4 MiB hold 40 ms of a partition that takes 100 MB/s, longer than a group commit takes. */
  public static final ReplicationConfig DEFAULTS =
      new ReplicationConfig(Duration.ofSeconds(6), 4 << 20);

  /** Refuses a lag or a window of nothing. */
  public ReplicationConfig {
    if (lagMax.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Expected replica.lag.time.max.ms >= 1, but was " + lagMax.toMillis());
    }
    if (windowBytes < 1) {
      throw new IllegalArgumentException(
          "Expected replica.window.bytes >= 1, but was " + windowBytes);
    }
  }
}
