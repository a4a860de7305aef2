package dev.naru.broker.replica;

import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.util.Optional;

/** A request is served only under exactly the leader epoch it was made for (KIP-320). */
public final class LeaderEpochCheck {

  private LeaderEpochCheck() {}

  /** Why a sender that knows the first epoch is not served under the second; empty if it is. */
  public static Optional<Refused> whyNot(LeaderEpoch known, LeaderEpoch current) {
    if (known.equals(current)) {
      return Optional.empty();
    }
    var code =
        known.isBefore(current) ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    return Optional.of(
        new Refused(code, "Expected leader epoch %s, but was %s".formatted(current, known)));
  }
}
