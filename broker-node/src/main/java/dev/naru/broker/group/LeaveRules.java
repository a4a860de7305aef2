package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.Leave;

/** Rules about members that go, by themselves or because they are silent. */
final class LeaveRules {

  private LeaveRules() {}

  static Decision leave(GroupImage image, Leave command, GroupRules rules) {
    var member = image.member(command.member());
    if (member.isEmpty() || (member.get().isAway() && command.stays())) {
      return Decision.NOTHING;
    }
    return command.stays()
        ? goAway(image, member.get(), command.topics(), rules)
        : remove(image, member.get(), command.topics(), command.nowMillis(), rules);
  }

  static Decision expire(GroupImage image, Expire command, GroupRules rules) {
    return image
        .member(command.member())
        .map(member -> remove(image, member, command.topics(), command.nowMillis(), rules))
        .orElse(Decision.NOTHING);
  }

  /**
   * What the member was to give back it has given back by leaving. The rest stays booked as its
   * own, so that a commit that it sent before it left, and that comes after that, still counts.
   */
  private static Decision goAway(
      GroupImage image, Member member, TopicsSeen topics, GroupRules rules) {
    var draft = GroupDraft.of(image);
    var owed =
        member.held().entrySet().stream()
            .filter(entry -> entry.getValue().isRevoked())
            .map(entry -> entry.getKey())
            .toList();
    draft.put(member.without(owed).withAway(true));
    if (image.isClassic()) {
      ClassicRound.miss(draft, member.id(), topics);
    }
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  private static Decision remove(
      GroupImage image, Member member, TopicsSeen topics, long nowMillis, GroupRules rules) {
    var draft = GroupDraft.of(image);
    draft.remove(member.id());
    if (image.isClassic()) {
      ClassicRound.disturb(draft);
      ClassicRound.closeIfAllHere(draft, topics);
    } else {
      draft.changeInterest();
      TargetRules.makeAtOnce(draft, topics);
      Reconcile.of(draft, rules);
    }
    return draft.decision(nowMillis);
  }
}
