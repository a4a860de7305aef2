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
    var member = known.get();
    if (image.isClassic()) {
      // It will say what it wants when it comes again: for another subscription, or because it
      // leads
      // and has seen other topics than those that it shared out.
      var draft = GroupDraft.of(image);
      ClassicRound.disturb(draft);
      return draft.decision();
    }
    var wishes = member.wishes().withTopics(command.subscription());
    var refusal = check(image, known, wishes, command.topics());
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    if (member.topics().equals(command.subscription())) {
      return Decision.NOTHING;
    }
    var draft = GroupDraft.of(image);
    change(draft, member, command.subscription(), command.topics());
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  /**
   * Whether the group has room for all that this member wants, and could share it out. What others
   * want already is theirs to share, however large it has become.
   */
  static Optional<Refused> check(
      GroupImage image, Optional<Member> known, Wishes wishes, TopicsSeen topics) {
    var before = known.map(Member::wishes);
    if (before.equals(Optional.of(wishes))) {
      return Optional.empty();
    }
    var refusal = checkSize(image, before.map(Wishes::size).orElse(0L), wishes);
    if (refusal.isPresent() || before.map(Wishes::topics).equals(Optional.of(wishes.topics()))) {
      return refusal;
    }
    return image.isClassic()
        ? Optional.empty()
        : TargetRules.checkTopics(image, topics)
            .or(() -> checkPartitions(image, wishes.topics(), topics));
  }

  private static Optional<Refused> checkSize(GroupImage image, long sizeBefore, Wishes wishes) {
    if (wishes.topics().size() > GroupLimits.TOPICS_MAX) {
      return refused(
          "Expected at most %d topics, but were %d"
              .formatted(GroupLimits.TOPICS_MAX, wishes.topics().size()));
    }
    long size = image.wanted().size() - sizeBefore + wishes.size();
    return size > GroupLimits.WISHES_SIZE_MAX
        ? refused(
            "Expected subscriptions and offers of a group's members of at most %d bytes together,"
                    .formatted(GroupLimits.WISHES_SIZE_MAX)
                + " but would be "
                + size)
        : GroupNames.check(wishes.topics());
  }

  /** Whether the group could share out all its topics, with those that nobody wanted until now. */
  private static Optional<Refused> checkPartitions(
      GroupImage image, TreePSet<String> names, TopicsSeen topics) {
    var added = names.minusAll(image.subscribed());
    if (added.isEmpty()) {
      return Optional.empty();
    }
    int partitions = topics.partitionsOf(image.subscribed()) + topics.partitionsOf(added);
    return partitions > GroupLimits.PARTITIONS_MAX
        ? refused(
            "Expected at most %d partitions in all topics of a group, but would be %d"
                .formatted(GroupLimits.PARTITIONS_MAX, partitions))
        : Optional.empty();
  }

  private static Optional<Refused> refused(String reason) {
    return Optional.of(new Refused(ErrorCode.LIMIT_EXCEEDED, reason));
  }

  /**
   * The member wants these from now on. It is told at once to give back what it does not want any
   * more, however long the new target may take; and what it gave up is shared out at once.
   *
   * <p>What is only added can wait, as when somebody joins: members that look for the same pattern
   * find a new topic one after the other, and make one target of it.
   */
  static void change(
      GroupDraft draft, Member member, TreePSet<String> subscription, TopicsSeen topics) {
    notice(draft, subscription, topics);
    draft.put(
        member.withTopics(subscription).withTarget(topics.covered(member.target(), subscription)));
    draft.changeInterest();
    if (!subscription.containsAll(member.topics())) {
      TargetRules.makeAtOnce(draft, topics);
    }
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
