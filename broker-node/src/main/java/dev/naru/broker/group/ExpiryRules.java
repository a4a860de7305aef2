package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.ForgetOffsets;
import dev.naru.broker.group.GroupCommand.ForgetTopics;
import dev.naru.broker.group.GroupEvent.GroupGone;
import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.OffsetGone;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Rules about forgetting. Done in portions, so that no command writes more than fits into a batch;
 * the group itself goes with its last offset, so that whatever happens in between can be gone on
 * with.
 */
final class ExpiryRules {

  private ExpiryRules() {}

  static Decision delete(GroupImage image) {
    if (!image.exists()) {
      return Decision.refused(
          ErrorCode.GROUP_NOT_FOUND,
          "Expected an existing group, but there is none called " + image.group());
    }
    if (image.hasMembers()) {
      return Decision.refused(
          ErrorCode.GROUP_NOT_EMPTY,
          "Expected group %s to have no members, but it has %d"
              .formatted(image.group(), image.members().size()));
    }
    return Decision.accepted(withoutGroup(image, withoutOffsets(image, entry -> true)));
  }

  static Decision forgetOffsets(GroupImage image, ForgetOffsets command, GroupRules rules) {
    var events =
        withoutOffsets(
            image,
            entry ->
                rules.mayForget(image, entry.getValue(), command.retention(), command.nowMillis()));
    return Decision.accepted(withoutGroup(image, events));
  }

  /** Also while there are members: nobody can read a topic that is not there. */
  static Decision forgetTopics(GroupImage image, ForgetTopics command) {
    var events = withoutOffsets(image, entry -> command.dead().contains(entry.getKey().topic()));
    image
        .header()
        .map(header -> header.withFirstSeen(header.firstSeen().minusAll(command.dead())))
        .filter(header -> !Optional.of(header).equals(image.header()))
        .ifPresent(header -> events.add(new GroupSet(header)));
    return Decision.accepted(events);
  }

  /** A portion of these offsets goes. */
  private static List<GroupEvent> withoutOffsets(
      GroupImage image, Predicate<Map.Entry<PartitionId, Committed>> which) {
    var events = new ArrayList<GroupEvent>();
    image.offsets().entrySet().stream()
        .filter(which)
        .limit(GroupLimits.REMOVED_MAX)
        .forEach(entry -> events.add(new OffsetGone(entry.getKey())));
    return events;
  }

  /** With the last offset goes the group, if nobody is in it. */
  private static List<GroupEvent> withoutGroup(GroupImage image, List<GroupEvent> events) {
    if (image.exists() && !image.hasMembers() && events.size() == image.offsets().size()) {
      events.add(new GroupGone());
    }
    return events;
  }
}
