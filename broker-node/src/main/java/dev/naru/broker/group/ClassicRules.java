package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.CloseRound;
import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.broker.group.GroupCommand.Sync;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;

/**
 * Rules of the classic protocol, in which a member decides who reads what. What it decides is
 * opaque here, so no partition is held or granted: what keeps two members from one partition is
 * that all have given back everything before anybody is handed anything.
 *
 * <p>So a member says by coming with empty hands that it has given back everything. One that comes
 * with something in its hands merely has another stream: it goes on reading, and is told of the
 * round that it may not have heard of.
 */
final class ClassicRules {

  private ClassicRules() {}

  static Decision join(GroupImage image, Join command, GroupRules rules) {
    var known = image.member(command.member());
    var predecessor =
        known.isPresent() ? Optional.<Member>empty() : Places.predecessor(image, command);
    var refusal =
        checkOffers(command)
            .or(() -> checkCommon(image, command, known.or(() -> predecessor)))
            .or(() ->
                known.isPresent()
                    ? checkEpoch(known.get(), command, rules)
                    : Places.check(image, command, predecessor, rules));
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var draft = GroupDraft.of(image, GroupProtocol.CLASSIC, command.nowMillis());
    if (known.isPresent()) {
      comeAgain(draft, known.get(), command, rules);
    } else if (predecessor.isPresent()) {
      takePlace(draft, predecessor.get(), command);
    } else {
      ClassicRound.disturb(draft);
      ClassicRound.come(draft, newcomer(command), command.offers());
    }
    ClassicRound.closeIfAllHere(draft, command.topics());
    return draft.decision(command.nowMillis());
  }

  static Decision sync(GroupImage image, Sync command) {
    var known = image.member(command.member()).filter(member -> !member.isAway());
    if (known.isEmpty() || known.get().classic().isEmpty()) {
      return Decision.refused(ErrorCode.FENCED_MEMBER, HoldRules.unknown(image, command.member()));
    }
    var round = image.header().orElseThrow().round();
    if (round.isOpen() || command.generation() != image.epoch()) {
      return Decision.refused(
          ErrorCode.STALE_GROUP_EPOCH,
          "Expected generation %d and nobody missing, but was %d while the group is %s"
              .formatted(image.epoch(), command.generation(), round.phase()));
    }
    int bytes = command.assignments().values().stream().mapToInt(Opaque::size).sum();
    if (bytes > GroupLimits.ASSIGNMENTS_BYTES_MAX) {
      return Decision.refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %d bytes of assignments, but were %d"
              .formatted(GroupLimits.ASSIGNMENTS_BYTES_MAX, bytes));
    }
    // A member other than the leader only says that it waits; so does a leader that was heard.
    return round.phase() == ClassicPhase.COMPLETING && round.isLedBy(command.member())
        ? handOut(image, command)
        : Decision.NOTHING;
  }

  /** Topics may have changed: then all come again, unless they are just coming. */
  static Decision lookAt(GroupDraft draft, TopicsSeen topics) {
    if (draft.header().round().isOpen() || draft.isShareOf(topics)) {
      return Decision.NOTHING;
    }
    ClassicRound.disturb(draft);
    ClassicRound.closeIfAllHere(draft, topics);
    return draft.decision();
  }

  static Decision closeRound(GroupImage image, CloseRound command) {
    if (!image.isClassic()
        || !image.hasMembers()
        || image.epoch() != command.generation()
        || image.header().orElseThrow().round().phase() != command.phase()) {
      return Decision.NOTHING; // it was closed just before
    }
    var draft = GroupDraft.of(image);
    switch (command.phase()) {
      case GATHERING, PREPARING -> ClassicRound.closeAnyway(draft, command.topics());
      case COMPLETING -> ClassicRound.unseat(draft, command.topics());
      case STABLE -> {} // which takes no time
    }
    return draft.decision(command.nowMillis());
  }

  private static void comeAgain(GroupDraft draft, Member known, Join command, GroupRules rules) {
    var profile = command.profile().orUnmoved(known.profile());
    var member = known.withProfile(profile).withAway(false);
    if (!rules.hasGivenBackAll(command)) {
      draft.put(member); // what is new about it, it will say when it comes with empty hands
      if (!wantsTheSame(known, command)) {
        ClassicRound.disturb(draft);
      }
      return;
    }
    member = member.withTopics(command.subscription()).withAttempt(command.attempt());
    if (wantsTheSame(known, command) && !draft.header().round().isOpen()) {
      draft.put(member.withOffers(command.offers()));
    } else {
      ClassicRound.disturb(draft);
      ClassicRound.come(draft, member, command.offers());
    }
  }

  /** Into a group at rest, and with the same wishes, without anybody else hearing of it. */
  private static void takePlace(GroupDraft draft, Member old, Join command) {
    var round = draft.header().round();
    if (wantsTheSame(old, command) && round.phase() == ClassicPhase.STABLE) {
      draft.put(
          newcomer(command)
              .withEpoch(old.epoch())
              .withOffers(command.offers())
              .withAssignment(old.holdings().assignment()));
    } else {
      ClassicRound.disturb(draft);
      ClassicRound.come(draft, newcomer(command), command.offers());
    }
    draft.remove(old.id());
    if (round.isLedBy(old.id())) {
      draft.change(header -> header.withRound(header.round().withLeader(command.member())));
    }
  }

  /**
   * Whether what the leader shared out still serves the member. What comes with its offers need not
   * be the same, and with some is not after any round: it tells the next leader what the member
   * has. Who wants another round subscribes anew.
   */
  private static boolean wantsTheSame(Member known, Join command) {
    return known.topics().equals(command.subscription())
        && names(known.wishes().offers()).equals(names(command.offers()));
  }

  private static List<String> names(List<ClassicOffer> offers) {
    return offers.stream().map(ClassicOffer::name).toList();
  }

  private static Decision handOut(GroupImage image, Sync command) {
    var draft = GroupDraft.of(image);
    for (var member : image.members().values()) {
      var assignment = command.assignments().get(member.id());
      draft.put(member.withAssignment(Optional.of(assignment == null ? Opaque.EMPTY : assignment)));
    }
    draft.change(header -> header.withRound(header.round().withPhase(ClassicPhase.STABLE)));
    return draft.decision();
  }

  private static Optional<Refused> checkOffers(Join command) {
    var offers = command.offers();
    if (offers.isEmpty()) {
      return refused(ErrorCode.INVALID_REQUEST, "Expected a classic member to offer a protocol");
    }
    int bytes = offers.stream().mapToInt(offer -> offer.metadata().size()).sum();
    return bytes > GroupLimits.OFFERS_BYTES_MAX || offers.size() > GroupLimits.OFFERS_MAX
        ? refused(
            ErrorCode.LIMIT_EXCEEDED,
            "Expected at most %d offers of %d bytes together, but were %d of %d"
                .formatted(
                    GroupLimits.OFFERS_MAX, GroupLimits.OFFERS_BYTES_MAX, offers.size(), bytes))
        : GroupNames.check(offers);
  }

  /** Whether the others know something that this one knows, too. */
  private static Optional<Refused> checkCommon(
      GroupImage image, Join command, Optional<Member> replaced) {
    var others =
        image.members().values().stream()
            .filter(member -> !replaced.map(Member::id).equals(Optional.of(member.id())))
            .toList();
    var common = ClassicRound.common(others);
    return others.isEmpty()
            || command.offers().stream().map(ClassicOffer::name).anyMatch(common::contains)
        ? Optional.empty()
        : refused(
            ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
            "Expected %s to offer one of %s, as all others do, but it offers others"
                .formatted(command.member(), common));
  }

  private static Optional<Refused> checkEpoch(Member known, Join command, GroupRules rules) {
    boolean mayHaveWhatItHas =
        command.holding().isEmpty()
            || (command.knownEpoch() == known.epoch()
                && known.classic().flatMap(ClassicMember::assignment).isPresent());
    boolean isKnown = command.knownEpoch() == 0 || rules.mayResume(known, command.knownEpoch());
    return isKnown && mayHaveWhatItHas
        ? Optional.empty()
        : refused(
            ErrorCode.FENCED_MEMBER,
            "Expected %s at generation %d with what it was assigned, but it was told %d"
                .formatted(known.id(), known.epoch(), command.knownEpoch()));
  }

  private static Member newcomer(Join command) {
    return Member.joining(
        command.member(),
        command.profile(),
        command.subscription(),
        command.attempt(),
        0,
        Target.NOTHING);
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
