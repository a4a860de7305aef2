package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Computed;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
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
    var refusal = checkTopics(image, command.topics());
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var draft = GroupDraft.of(image);
    if (image.isClassic()) {
      return ClassicRules.lookAt(draft, command.topics());
    }
    if (command.computed().isPresent()) {
      return apply(draft, command, command.computed().get(), rules);
    }
    if (!draft.header().isTargetDue() && draft.isShareOf(command.topics())) {
      return Decision.NOTHING;
    }
    SubscribeRules.notice(draft, image.subscribed(), command.topics());
    if (!isMuch(draft, command.topics())) {
      make(draft, compute(draft.image(), command.topics()), command.topics());
    } else if (!draft.header().isTargetDue()) {
      draft.changeInterest(); // to be computed beside the loop
    }
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  /** Whether the topics are at least as new as those the group has seen. They soon will be. */
  static Optional<Refused> checkTopics(GroupImage image, TopicsSeen topics) {
    return image
        .header()
        .map(GroupHeader::interest)
        .filter(interest -> interest.isNewerThan(topics))
        .map(interest ->
            new Refused(
                ErrorCode.COORDINATOR_LOADING,
                "Expected topics as of index %d of the metadata log or later, but were as of %d"
                    .formatted(interest.topicsIndex(), topics.imageIndex())));
  }

  /**
   * Makes the target that is due, unless that is too much to be done now, or the topics are older
   * than those the group has seen.
   */
  static void makeAtOnce(GroupDraft draft, TopicsSeen topics) {
    if (draft.header().isTargetDue()
        && !draft.header().interest().isNewerThan(topics)
        && !isMuch(draft, topics)) {
      make(draft, compute(draft.image(), topics), topics);
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

  /** A target that answers another question than the one there is now is thrown away. */
  private static Decision apply(
      GroupDraft draft, Retarget command, Computed computed, GroupRules rules) {
    var refusal = checkAnswer(draft, command, computed);
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    SubscribeRules.notice(draft, draft.image().subscribed(), computed.topics());
    make(draft, computed.target(), computed.topics());
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  private static Optional<Refused> checkAnswer(
      GroupDraft draft, Retarget command, Computed computed) {
    if (!draft.header().isTargetDue() || computed.basedOn() != draft.header().interestEpoch()) {
      return stale(
          "Expected a target for the interest of epoch %d, answered up to %d, but it is for %d"
              .formatted(
                  draft.header().interestEpoch(),
                  draft.header().targetEpoch(),
                  computed.basedOn()));
    }
    var names = draft.image().subscribed();
    return computed.topics().digestOf(names) == command.topics().digestOf(names)
        ? Optional.empty()
        : stale("Expected a target for the topics there are, but they have changed since");
  }

  private static Optional<Refused> stale(String reason) {
    return Optional.of(new Refused(ErrorCode.STALE_GROUP_EPOCH, reason));
  }

  private static void make(GroupDraft draft, Target target, TopicsSeen topics) {
    for (var member : draft.image().members().values()) {
      var wanted = target.of(member.id());
      if (!wanted.equals(member.target())) {
        draft.put(member.withTarget(wanted));
      }
    }
    draft.targetMade();
    draft.sharesOf(topics);
  }

  private static boolean isMuch(GroupDraft draft, TopicsSeen topics) {
    return draft.image().wanted().subscriptions() > GroupLimits.NAMES_AT_ONCE_MAX
        || topics.partitionsOf(draft.image().subscribed()) > GroupLimits.PARTITIONS_AT_ONCE_MAX;
  }
}
