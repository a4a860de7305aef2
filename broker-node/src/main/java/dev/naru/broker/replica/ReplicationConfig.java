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
        int windowBytes,
    @Setting(
            key = "reassign.throttle.bytes.per.sec",
            takes = "at least 1048576",
            doc =
                "How much the leaders of a node send a second to replicas that a move adds, until they are in sync; an operation may ask for less or more.")
        long movedBytesPerSecond) {

  private static final long MOVED_BYTES_PER_SECOND = 50L << 20;

  /** One read of a log. */
  private static final long MOVED_BYTES_PER_SECOND_MIN = 1 << 20;

  /** With the default pace of moves. */
  public ReplicationConfig(Duration lagMax, int windowBytes) {
    this(lagMax, windowBytes, MOVED_BYTES_PER_SECOND);
  }

  /** 4 MiB hold 40 ms of a partition that takes 100 MB/s, longer than a group commit takes. */
  public static final ReplicationConfig DEFAULTS =
      new ReplicationConfig(Duration.ofSeconds(6), 4 << 20);

  /** Refuses a lag, a window or a pace of nothing. */
  public ReplicationConfig {
    if (lagMax.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Expected replica.lag.time.max.ms >= 1, but was " + lagMax.toMillis());
    }
    if (windowBytes < 1) {
      throw new IllegalArgumentException(
          "Expected replica.window.bytes >= 1, but was " + windowBytes);
    }
    if (movedBytesPerSecond < MOVED_BYTES_PER_SECOND_MIN) {
      throw new IllegalArgumentException(
          "Expected reassign.throttle.bytes.per.sec >= %d, but was %d"
              .formatted(MOVED_BYTES_PER_SECOND_MIN, movedBytesPerSecond));
    }
  }
}
