package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Computed;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.types.ErrorCode;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rules about when it is decided who should read what, and by which assignor.
 *
 * <p>A target answers an interest: the members, what they want, and the topics there are. When one
 * of these changes the target is computed with the same command, but for two cases, in which it
 * stays due: somebody joined, since members that start together should make one target and not
 * fifty; and a group shares more partitions than a loop should spend its time on.
 */
final class TargetRules {

  private TargetRules() {}

  static Decision retarget(GroupImage image, Retarget command, GroupRules rules) {
    if (!image.hasMembers()) {
      return Decision.NOTHING;
    }
    var draft = GroupDraft.of(image);
    if (image.isClassic()) {
      ClassicRound.disturb(draft);
      ClassicRound.closeIfAllHere(draft);
      return draft.decision();
    }
    var names = image.subscribed();
    var refusal = SubscribeRules.checkPartitions(command.topics(), names);
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    if (command.computed().isPresent()) {
      return apply(draft, command.computed().get(), rules);
    }
    SubscribeRules.notice(draft, names, command.topics());
    if (isMuch(draft, command.topics())) {
      draft.changeInterest(); // whatever is being computed now answers older topics
    } else {
      make(draft, compute(draft.image(), command.topics()));
    }
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  /** Makes the target that is due, unless that is too much to be done now. */
  static void makeAtOnce(GroupDraft draft, TopicsSeen topics) {
    if (draft.header().isTargetDue() && !isMuch(draft, topics)) {
      make(draft, compute(draft.image(), topics));
    }
  }

  static Target compute(GroupImage image, TopicsSeen topics) {
    return assignor(image).assign(AssignorInput.of(image, topics));
  }

  /** The assignor that most members ask for, of equally many the first by name. */
  static Assignor assignor(GroupImage image) {
    var votes = new TreeMap<String, Integer>();
    for (var member : image.members().values()) {
      member.profile().assignor().ifPresent(name -> votes.merge(name, 1, Integer::sum));
    }
    Comparator<Map.Entry<String, Integer>> byVotes = Map.Entry.comparingByValue();
    return votes.entrySet().stream()
        .filter(entry -> Assignors.named(entry.getKey()).isPresent())
        .max(byVotes.thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .flatMap(entry -> Assignors.named(entry.getKey()))
        .orElse(Assignors.DEFAULT);
  }

  private static Decision apply(GroupDraft draft, Computed computed, GroupRules rules) {
    if (computed.basedOn() != draft.header().interestEpoch()) {
      return Decision.refused(
          ErrorCode.STALE_GROUP_EPOCH,
          "Expected a target for the interest of epoch %d, but it was computed for that of %d"
              .formatted(draft.header().interestEpoch(), computed.basedOn()));
    }
    make(draft, computed.target());
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  private static void make(GroupDraft draft, Target target) {
    for (var member : draft.image().members().values()) {
      var wanted = target.of(member.id());
      if (!wanted.equals(member.target())) {
        draft.put(member.withTarget(wanted));
      }
    }
    draft.change(GroupHeader::withTargetMade);
  }

  private static boolean isMuch(GroupDraft draft, TopicsSeen topics) {
    int names = draft.members().stream().mapToInt(member -> member.topics().size()).sum();
    return names > GroupLimits.NAMES_AT_ONCE_MAX
        || topics.partitionsOf(draft.image().subscribed()) > GroupLimits.PARTITIONS_AT_ONCE_MAX;
  }
}
