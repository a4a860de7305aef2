package dev.naru.broker.group;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePSet;

/**
 * The rounds of a classic group. All of a round is in the image: which generation it makes is the
 * group's epoch, and a member has come for it when it carries that epoch. So a round goes on when
 * the group gets another coordinator; only its time begins anew.
 *
 * <p>A member that is away has come: it has nothing in its hands, and its place is not to be given
 * up while it restarts.
 */
final class ClassicRound {

  private ClassicRound() {}

  /** Something changed that the present sharing out does not know of: all are to come again. */
  static void disturb(GroupDraft draft) {
    var round = draft.header().round();
    if (draft.members().isEmpty()) {
      draft.change(header -> header.withRound(ClassicState.UNBEGUN));
    } else if (!round.isOpen()) {
      draft.raiseEpoch();
      draft.change(header ->
          header.withRound(
              new ClassicState(ClassicPhase.PREPARING, round.leader(), Optional.empty())));
    }
  }

  /** This member comes: adds it, or has it come again, with empty hands. */
  static void come(GroupDraft draft, Member member, List<ClassicOffer> offers) {
    boolean isFirst = draft.members().isEmpty();
    if (isFirst) {
      draft.raiseEpoch();
      draft.change(header -> header.withRound(ClassicState.UNBEGUN.withLeader(member.id())));
    }
    draft.put(
        member
            .withEpoch(draft.header().epoch())
            .withOffers(offers)
            .withAssignment(Optional.empty()));
  }

  /** This member has gone away: a round that waits for it must not wait for ever. */
  static void miss(GroupDraft draft, MemberId member, TopicsSeen topics) {
    var round = draft.header().round();
    if (round.phase() == ClassicPhase.COMPLETING && round.isLedBy(member)) {
      disturb(draft);
    }
    closeIfAllHere(draft, topics);
  }

  /** All have come: the round needs no more time. The first round of a group takes its time. */
  static void closeIfAllHere(GroupDraft draft, TopicsSeen topics) {
    if (draft.header().round().phase() == ClassicPhase.PREPARING
        && draft.members().stream().allMatch(member -> hasCome(draft, member))) {
      close(draft, topics);
    }
  }

  /** Time is up: whoever has not come is out. */
  static void closeAnyway(GroupDraft draft, TopicsSeen topics) {
    for (var member : List.copyOf(draft.members())) {
      if (!hasCome(draft, member)) {
        draft.remove(member.id());
      }
    }
    // If all who are in are away, the first of them to come back ends the round.
    draft.change(header -> header.withRound(header.round().withPhase(ClassicPhase.PREPARING)));
    if (draft.members().isEmpty()) {
      disturb(draft);
    } else {
      close(draft, topics);
    }
  }

  /** Time is up for the leader, which has nothing in its hands: it is out. */
  static void unseat(GroupDraft draft, TopicsSeen topics) {
    draft.header().round().leader().ifPresent(draft::remove);
    disturb(draft);
    closeIfAllHere(draft, topics);
  }

  /** The ways of sharing that every one of these members knows. */
  static TreePSet<String> common(Iterable<Member> members) {
    Optional<TreePSet<String>> common = Optional.empty();
    for (var member : members) {
      var known = names(member);
      common =
          Optional.of(
              common.isEmpty()
                  ? known
                  : TreePSet.from(common.get().stream().filter(known::contains).toList()));
    }
    return common.orElse(TreePSet.empty());
  }

  private static boolean hasCome(GroupDraft draft, Member member) {
    return member.isAway() || member.epoch() == draft.header().epoch();
  }

  /** Nobody has anything in its hands: the leader may share out. Waits for one who could lead. */
  private static void close(GroupDraft draft, TopicsSeen topics) {
    var leader = leader(draft);
    if (leader.isEmpty()) {
      return;
    }
    for (var member : List.copyOf(draft.members())) {
      draft.put(member.withEpoch(draft.header().epoch()).withAssignment(Optional.empty()));
    }
    var chosen = chosen(draft);
    draft.change(
        header -> header.withRound(new ClassicState(ClassicPhase.COMPLETING, leader, chosen)));
    draft.sharesOf(topics);
  }

  /** The leader there was, or the first of those who are here. */
  private static Optional<MemberId> leader(GroupDraft draft) {
    return draft
        .header()
        .round()
        .leader()
        .filter(id -> draft.member(id).filter(member -> !member.isAway()).isPresent())
        .or(() ->
            draft.members().stream()
                .filter(member -> !member.isAway())
                .map(Member::id)
                .findFirst());
  }

  /** Each votes for what it likes best of what all know; of equally many votes the first name. */
  private static Optional<String> chosen(GroupDraft draft) {
    var common = common(draft.members());
    var votes = new TreeMap<String, Integer>();
    for (var member : draft.members()) {
      member.classic().stream()
          .flatMap(classic -> classic.offers().stream())
          .map(ClassicOffer::name)
          .filter(common::contains)
          .findFirst()
          .ifPresent(name -> votes.merge(name, 1, Integer::sum));
    }
    Comparator<Map.Entry<String, Integer>> byVotes = Map.Entry.comparingByValue();
    return votes.entrySet().stream()
        .max(byVotes.thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey);
  }

  private static TreePSet<String> names(Member member) {
    return TreePSet.from(
        member.classic().stream()
            .flatMap(classic -> classic.offers().stream())
            .map(ClassicOffer::name)
            .toList());
  }
}
