package dev.naru.client.transport;

import dev.naru.client.core.LeaderHint;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.Optional;
import java.util.UUID;

/** The small things that many messages carry, from and to the client's own words. */
final class Wire {

  private Wire() {}

  static Uuid uuid(TopicId id) {
    return Uuid.newBuilder().setHigh(id.high()).setLow(id.low()).build();
  }

  static Uuid uuid(UUID id) {
    return Uuid.newBuilder()
        .setHigh(id.getMostSignificantBits())
        .setLow(id.getLeastSignificantBits())
        .build();
  }

  static UUID uuid(Uuid id) {
    return new UUID(id.getHigh(), id.getLow());
  }

  static TopicId topicId(Uuid id) {
    return TopicId.of(id.getHigh(), id.getLow());
  }

  /**
   * Empty without an error. A number that is missing or new to this release is an error of its own.
   */
  static Optional<Refused> refusal(int errorNumber, String message) {
    var code = ErrorCode.ofNumber(errorNumber);
    if (code.isEmpty()) {
      return Optional.of(
          new Refused(
              ErrorCode.UNSUPPORTED_VERSION,
              "Expected a known error code, but was " + errorNumber + ": " + message));
    }
    return code.get() == ErrorCode.NONE
        ? Optional.empty()
        : Optional.of(new Refused(code.get(), message));
  }

  /** Empty if the node knows of a leader but not where clients reach it. */
  static Optional<LeaderHint> leaderHint(dev.naru.proto.v1.LeaderHint hint) {
    return hint.getHost().isEmpty() || hint.getPort() == 0
        ? Optional.empty()
        : Optional.of(
            new LeaderHint(
                new NodeId(hint.getNodeId()),
                new LeaderEpoch(hint.getLeaderEpoch()),
                new HostPort(hint.getHost(), hint.getPort())));
  }
}
