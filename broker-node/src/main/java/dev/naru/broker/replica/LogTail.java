package dev.naru.broker.replica;

import dev.naru.metadata.image.LogEnd;
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
 * @param cleanBelow a deletion below this deletes nothing in it, whether it has come that far or
 *     not
 */
public record LogTail(
    long start,
    long end,
    long durableEnd,
    Optional<LeaderEpoch> lastEpoch,
    OptionalInt lastCrc,
    long cleanBelow) {

  /** Of a log that was never compacted. */
  public LogTail(
      long start, long end, long durableEnd, Optional<LeaderEpoch> lastEpoch, OptionalInt lastCrc) {
    this(start, end, durableEnd, lastEpoch, lastCrc, 0);
  }

  /** How far it reaches. */
  public LogEnd log() {
    return new LogEnd(lastEpoch, end);
  }

  /** Whether it holds no record. */
  public boolean isEmpty() {
    return end == start;
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
