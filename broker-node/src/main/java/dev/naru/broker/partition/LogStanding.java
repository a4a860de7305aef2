package dev.naru.broker.partition;

import dev.naru.broker.replica.LogTail;
import dev.naru.metadata.image.LogEnd;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;

/** Where the log of a partition without a leader stands. */
public sealed interface LogStanding {

  /**
   * It can be used.
   *
   * @param durableEpoch epoch of the last batch that is on disk; empty if none is
   */
  record Intact(LogTail tail, Optional<LeaderEpoch> durableEpoch, long highWatermark)
      implements LogStanding {

    /** How far it reaches. */
    public LogEnd log() {
      return tail.log();
    }

    /** How far it reaches on disk. */
    public LogEnd durable() {
      return new LogEnd(durableEpoch, tail.durableEnd());
    }
  }

  /** It is damaged, and must be repaired from another replica. */
  record Damaged() implements LogStanding {}
}
