package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Subscribe;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Collection;
import java.util.Optional;
import org.pcollections.TreePSet;

/** Rules about which topics members want to read. */
final class SubscribeRules {

  private SubscribeRules() {}

  static Decision subscribe(GroupImage image, Subscribe command, GroupRules rules) {
    var known = image.member(command.member()).filter(member -> !member.isAway());
    if (known.isEmpty()) {
      return Decision.refused(ErrorCode.FENCED_MEMBER, HoldRules.unknown(image, command.member()));
    }
    var refusal = check(image, command.subscription(), command.topics());
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    if (known.get().topics().equals(command.subscription())) {
      return Decision.NOTHING;
    }
    var draft = GroupDraft.of(image);
    if (image.isClassic()) {
      ClassicRound.disturb(draft); // it will say what it wants when it comes again
      return draft.decision();
    }
    change(draft, known.get(), command.subscription(), command.topics());
    TargetRules.makeAtOnce(draft, command.topics());
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  /** Whether the group could share out all these topics, and those of the others. */
  static Optional<Refused> check(
      GroupImage image, TreePSet<String> subscription, TopicsSeen topics) {
    if (subscription.size() > GroupLimits.TOPICS_MAX) {
      return Optional.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d topics, but were %d"
                  .formatted(GroupLimits.TOPICS_MAX, subscription.size())));
    }
    return checkPartitions(topics, image.subscribed().plusAll(subscription));
  }

  /** Whether the group could share out all these topics. */
  static Optional<Refused> checkPartitions(TopicsSeen topics, Collection<String> names) {
    int partitions = topics.partitionsOf(names);
    return partitions > GroupLimits.PARTITIONS_MAX
        ? Optional.of(
            new Refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %d partitions in all topics of a group, but were %d"
                    .formatted(GroupLimits.PARTITIONS_MAX, partitions)))
        : Optional.empty();
  }

  /**
   * The member wants these from now on. It is told at once to give back what it does not want any
   * more, however long the new target may take.
   */
  static void change(
      GroupDraft draft, Member member, TreePSet<String> subscription, TopicsSeen topics) {
    notice(draft, subscription, topics);
    draft.put(
        member.withTopics(subscription).withTarget(topics.covered(member.target(), subscription)));
    draft.changeInterest();
  }

  /**
   * Remembers how many partitions these topics have, if the group never knew. For a topic that came
   * into being while a member waited for it, or while the group rested, that is none: all of it is
   * younger than the group's interest.
   */
  static void notice(GroupDraft draft, Collection<String> names, TopicsSeen topics) {
    var seen = draft.header().firstSeen();
    var awaited = draft.image().subscribed();
    for (var name : names) {
      var topic = topics.named(name);
      if (topic.isPresent() && !seen.containsKey(topic.get().id())) {
        boolean isYounger = awaited.contains(name) || isMadeWhileEmpty(draft, topic.get());
        seen = seen.plus(topic.get().id(), isYounger ? 0 : topic.get().partitions());
      }
    }
    var noticed = seen;
    draft.change(header -> header.withFirstSeen(noticed));
  }

  private static boolean isMadeWhileEmpty(GroupDraft draft, TopicSeen topic) {
    var emptySince = draft.header().emptySinceMillis();
    return emptySince.isPresent() && topic.createdMillis() >= emptySince.getAsLong();
  }
}
