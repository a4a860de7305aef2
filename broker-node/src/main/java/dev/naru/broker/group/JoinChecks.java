package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/** What is asked of everybody who joins, whatever the group is like. */
final class JoinChecks {

  private JoinChecks() {}

  /**
   * Of a member that comes back as it was, nothing is asked that it was asked before: neither a
   * setting of the node that has changed since, nor topics that have grown, must turn it away.
   */
  static Optional<Refused> check(GroupImage image, Join command, GroupConfig config) {
    var known = image.member(command.member());
    boolean isSameProfile =
        known
            .map(Member::profile)
            .filter(profile -> isSame(profile, command.profile()))
            .isPresent();
    return GroupNames.check(image.group())
        .or(() -> GroupNames.check(command.profile()))
        .or(() -> checkClaims(command))
        .or(() -> isSameProfile ? Optional.empty() : checkTimes(command.profile(), config))
        .or(() -> isSameProfile ? Optional.empty() : checkAssignor(command.profile()))
        .or(() -> checkProtocol(image, command))
        .or(() -> checkSame(image, command))
        .or(() -> SubscribeRules.check(image, known, command.wishes(), command.topics()));
  }

  private static boolean isSame(MemberProfile known, MemberProfile now) {
    return known.session().equals(now.session())
        && known.rebalance().equals(now.rebalance())
        && known.assignor().equals(now.assignor());
  }

  private static Optional<Refused> checkClaims(Join command) {
    if (command.attempt() < 1) {
      return refused(
          ErrorCode.INVALID_REQUEST,
          "Expected an attempt of at least 1, but was " + command.attempt());
    }
    return command.knownEpoch() == 0 && !command.holding().isEmpty()
        ? refused(
            ErrorCode.INVALID_REQUEST,
            "Expected a member that begins to have nothing, but it has %d partitions"
                .formatted(command.holding().size()))
        : Optional.empty();
  }

  /** Whether there is room for one more. */
  static Optional<Refused> checkRoom(GroupImage image) {
    return image.members().size() >= GroupLimits.MEMBERS_MAX
        ? refused(
            ErrorCode.LIMIT_EXCEEDED,
            "Expected at most %d members in a group, but %s has as many already"
                .formatted(GroupLimits.MEMBERS_MAX, image.group()))
        : Optional.empty();
  }

  private static Optional<Refused> checkTimes(MemberProfile profile, GroupConfig config) {
    var session = profile.session();
    if (session.compareTo(config.sessionMin()) < 0 || session.compareTo(config.sessionMax()) > 0) {
      return refused(
          ErrorCode.INVALID_SESSION_TIMEOUT,
          "Expected session.timeout.ms to be from %d to %d, but was %d"
              .formatted(
                  config.sessionMin().toMillis(),
                  config.sessionMax().toMillis(),
                  session.toMillis()));
    }
    return profile.rebalance().isPositive()
        ? Optional.empty()
        : refused(
            ErrorCode.INVALID_REQUEST,
            "Expected a rebalance time-out > 0 ms, but was " + profile.rebalance().toMillis());
  }

  private static Optional<Refused> checkAssignor(MemberProfile profile) {
    return profile
        .assignor()
        .filter(name -> Assignors.named(name).isEmpty())
        .map(name ->
            new Refused(
                ErrorCode.UNSUPPORTED_ASSIGNOR,
                "Expected group.remote.assignor to be one of %s, but was another one"
                    .formatted(Assignors.names())));
  }

  private static Optional<Refused> checkProtocol(GroupImage image, Join command) {
    return image
        .header()
        .filter(header -> image.hasMembers() && header.protocol() != command.protocol())
        .map(header ->
            new Refused(
                ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                "Expected members of group %s to use the %s protocol, but %s uses the %s one"
                    .formatted(
                        image.group(), header.protocol(), command.member(), command.protocol())));
  }

  private static Optional<Refused> checkSame(GroupImage image, Join command) {
    return image
        .member(command.member())
        .filter(known -> !known.profile().instance().equals(command.profile().instance()))
        .map(known ->
            new Refused(
                ErrorCode.INVALID_REQUEST,
                "Expected %s to keep its group.instance.id, but it has another one now"
                    .formatted(command.member())));
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
