package dev.naru.log;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.util.Optional;

/** What batches from a leader must satisfy before a follower writes any of them. */
final class FollowerCheck {

  private FollowerCheck() {}

  /**
   * Whether the batches go on from this end: whole, unaltered, offsets without a gap, epochs that
   * do not fall and are not after the leader's own.
   *
   * @param lastEpoch of the follower's last batch, or the least there is
   */
  static Optional<Refused> check(
      BatchBytes batches, long end, LeaderEpoch lastEpoch, LeaderEpoch leaderEpoch) {
    var refused = BatchCheck.frames(batches);
    if (refused.isPresent()) {
      return refused;
    }
    long expected = end;
    int epoch = lastEpoch.value();
    for (var batch : batches.batches()) {
      var header = batch.header();
      refused = whatIsWrongWith(header, expected, epoch, leaderEpoch);
      if (refused.isEmpty()) {
        refused = BatchCheck.checksum(batch);
      }
      if (refused.isPresent()) {
        return refused;
      }
      expected = header.nextOffset();
      epoch = header.leaderEpoch();
    }
    return Optional.empty();
  }

  private static Optional<Refused> whatIsWrongWith(
      BatchHeader header, long expectedOffset, int epochMin, LeaderEpoch leaderEpoch) {
    if (header.baseOffset() != expectedOffset || header.lastOffsetDelta() < 0) {
      return refuse(
          "Expected a batch at offset %d, but was [%d, %d]"
              .formatted(expectedOffset, header.baseOffset(), header.lastOffset()));
    }
    if (header.leaderEpoch() < epochMin || header.leaderEpoch() > leaderEpoch.value()) {
      return refuse(
          "Expected a leader epoch in [%d, %s] at offset %d, but was %d"
              .formatted(epochMin, leaderEpoch, expectedOffset, header.leaderEpoch()));
    }
    return Optional.empty();
  }

  private static Optional<Refused> refuse(String reason) {
    return Optional.of(new Refused(ErrorCode.CORRUPT_RECORD, reason));
  }
}
