package dev.naru.broker.replica;

import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a replica's log stands.
 *
 * @param start its first offset
 * @param end the next offset it would append
 * @param durableEnd everything below it is on disk
 * @param lastEpoch epoch of its last batch; empty for a log without one
 * @param lastCrc checksum field of its last batch; empty for a log without one, and when compaction
 *     has changed it
 * @param purgedBelow below this it lacks deletions, and everything that they deleted
 */
public record LogTail(
    long start,
    long end,
    long durableEnd,
    Optional<LeaderEpoch> lastEpoch,
    OptionalInt lastCrc,
    long purgedBelow) {

  /** Of a log that has all deletions. */
  public LogTail(
      long start, long end, long durableEnd, Optional<LeaderEpoch> lastEpoch, OptionalInt lastCrc) {
    this(start, end, durableEnd, lastEpoch, lastCrc, 0);
  }

  /** Refuses ends that contradict each other. */
  public LogTail {
    if (start < 0 || end < start || durableEnd > end) {
      throw new IllegalArgumentException(
          "Expected 0 <= start <= end and durable end <= end, but was start %d, end %d, durable end %d"
              .formatted(start, end, durableEnd));
    }
  }
}
