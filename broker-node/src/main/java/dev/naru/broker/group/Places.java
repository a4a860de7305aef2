package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * Places in a group that outlive the process that had them. Of a member with a {@code
 * group.instance.id} the place belongs to that id. A place of another one that is away goes to the
 * first who wants the same topics. Whoever takes a place gets its target, and nobody else hears of
 * it.
 */
final class Places {

  private Places() {}

  /** Whose place the newcomer takes, if it takes one. */
  static Optional<Member> predecessor(GroupImage image, Join command) {
    return command.profile().isStatic()
        ? command.profile().instance().flatMap(image::instance)
        : image.members().values().stream()
            .filter(member -> member.isAway() && !member.profile().isStatic())
            .filter(member -> member.topics().equals(command.subscription()))
            .findFirst();
  }

  /** Whether the newcomer may take that place, or be added where there is none to take. */
  static Optional<Refused> check(
      GroupImage image, Join command, Optional<Member> predecessor, GroupRules rules) {
    if (command.knownEpoch() > 0) {
      return Optional.of(
          new Refused(ErrorCode.FENCED_MEMBER, HoldRules.unknown(image, command.member())));
    }
    if (predecessor.isEmpty()) {
      return JoinChecks.checkRoom(image);
    }
    return rules.mayReplace(predecessor.get(), command.isInstanceAttended())
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INSTANCE_ID_IN_USE,
                "Expected group.instance.id %s to be free, but %s has it and is alive"
                    .formatted(
                        predecessor.get().profile().instance().orElse(""),
                        predecessor.get().id())));
  }
}
