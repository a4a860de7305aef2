package dev.naru.broker.rpc;

import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionView;
import dev.naru.log.TimeAnswer.AllEarlier;
import dev.naru.log.TimeAnswer.Found;
import dev.naru.log.TimeAnswer.LookAgain;
import dev.naru.log.TimestampedOffset;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Looks for records by time in partitions that are led here; on a thread that may read files. */
final class TimeReads {

  /** Segments are replaced and deleted one by one, and seldom while one search lasts. */
  static final int LOOKS_MAX = 10;

  /** A view becomes old a rename before the next one is there. */
  private static final long PAUSE_NANOS = 1_000_000L;

  private TimeReads() {}

  /** What a search comes to. */
  sealed interface Outcome {

    /** The record, if there is one, and the view in which there is, or is none. */
    record Known(Optional<TimestampedOffset> record, PartitionView view) implements Outcome {}

    /** Not known now. */
    record Unknown(Refused why) implements Outcome {}
  }

  /** The first committed record that is not earlier; looked for again while the log changes. */
  static Outcome find(PartitionSeat seat, PartitionView first, long timestampMillis) {
    var view = first;
    for (int look = 0; look < LOOKS_MAX; look++) {
      switch (view.log().firstAtOrAfter(timestampMillis, view.highWatermark())) {
        case Found(var record) -> {
          return new Outcome.Known(Optional.of(record), view);
        }
        case AllEarlier() -> {
          return new Outcome.Known(Optional.empty(), view);
        }
        case LookAgain() -> {
          var newer = seat.view().filter(now -> isSameReign(now, first));
          if (newer.isEmpty()) {
            return new Outcome.Unknown(notLeader(first));
          }
          view = newer.get();
          LockSupport.parkNanos(look * PAUSE_NANOS); // its owner may have yet to publish it
        }
      }
    }
    return new Outcome.Unknown(
        new Refused(
            ErrorCode.OFFSET_NOT_AVAILABLE,
            "Expected the log of %s to stay the same while it is searched, but it changed %d times"
                .formatted(first.id(), LOOKS_MAX)));
  }

  private static boolean isSameReign(PartitionView now, PartitionView first) {
    return now.isLeader() && now.leaderEpoch().equals(first.leaderEpoch());
  }

  private static Refused notLeader(PartitionView first) {
    return new Refused(
        ErrorCode.NOT_LEADER,
        "Expected to lead %s at leader epoch %s, but that is over here"
            .formatted(first.id(), first.leaderEpoch()));
  }
}
