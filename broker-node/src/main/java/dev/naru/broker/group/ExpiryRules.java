package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.DeleteOffsets;
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

  /** A member would begin where nobody expects it, and commit what was to be forgotten. */
  static Decision deleteOffsets(GroupImage image, DeleteOffsets command) {
    if (!image.exists()) {
      return notFound(image);
    }
    var subscribed = image.subscribed();
    for (var topic : command.partitions().values()) {
      if (subscribed.contains(topic)) {
        return Decision.refused(
            ErrorCode.GROUP_NOT_EMPTY,
            "Expected no member of group %s to subscribe to %s, but there is one"
                .formatted(image.group(), topic));
      }
    }
    var events = withoutOffsets(image, entry -> command.partitions().containsKey(entry.getKey()));
    return Decision.accepted(events.isEmpty() ? events : withoutGroup(image, events));
  }

  private static Decision notFound(GroupImage image) {
    return Decision.refused(
        ErrorCode.GROUP_NOT_FOUND,
        "Expected an existing group, but there is none called " + image.group());
  }

  static Decision delete(GroupImage image) {
    if (!image.exists()) {
      return notFound(image);
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
