package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePSet;

/** Rules about what members say they have in their hands. */
final class HoldRules {

  private HoldRules() {}

  static Decision holding(GroupImage image, Holding command, GroupRules rules) {
    var known = image.member(command.member());
    if (known.isEmpty()) {
      return Decision.refused(ErrorCode.FENCED_MEMBER, unknown(image, command.member()));
    }
    var member = known.get();
    var refusal = check(member, command.epoch(), command.partitions(), rules);
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var back = givenBack(member, command.epoch(), command.partitions(), rules);
    if (back.isEmpty()) {
      return Decision.NOTHING;
    }
    var draft = GroupDraft.of(image);
    draft.put(member.without(back));
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  /** Whether the member can have these in its hands, having been told no more than this epoch. */
  static Optional<Refused> check(
      Member member, int epoch, TreePSet<PartitionId> holding, GroupRules rules) {
    if (!rules.mayResume(member, epoch)) {
      return Optional.of(
          new Refused(
              ErrorCode.FENCED_MEMBER,
              member.isAway()
                  ? "Expected a member that has not left, but %s has".formatted(member.id())
                  : "Expected an epoch of at most %d, but %s says it was told %d"
                      .formatted(member.epoch(), member.id(), epoch)));
    }
    return holding.stream()
        .filter(partition -> !rules.mayHave(member.hold(partition), epoch))
        .findFirst()
        .map(partition ->
            new Refused(
                ErrorCode.FENCED_MEMBER,
                "Expected %s to have only what was granted to it up to epoch %d, but it has %s"
                    .formatted(member.id(), epoch, partition)));
  }

  /** What the member, saying this, has given back. */
  static List<PartitionId> givenBack(
      Member member, int epoch, TreePSet<PartitionId> holding, GroupRules rules) {
    return member.held().entrySet().stream()
        .filter(entry -> !holding.contains(entry.getKey()))
        .filter(entry -> rules.hasGivenBack(entry.getValue(), epoch))
        .map(entry -> entry.getKey())
        .toList();
  }

  static String unknown(GroupImage image, MemberId member) {
    return "Expected a member of group %s, but %s is not one".formatted(image.group(), member);
  }
}
