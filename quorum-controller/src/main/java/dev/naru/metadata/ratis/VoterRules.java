package dev.naru.metadata.ratis;

import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Whether voters may change so. Nothing here waits or asks: what the leader has heard comes in.
 *
 * <p>Who is to be demoted must be silent. Ratis leaves a demoted server in the role of a follower
 * and closes it at the next loss of the leader, and its node ends with it: in the very moment in
 * which the controller is gone.
 *
 * @param members in force
 * @param isChanging whether they are on their way from others, which no majority has settled yet
 * @param leader the peer that leads, which is the one that decides
 * @param silent peers of which it has heard nothing for a while
 * @param reached up to where each peer knows the log to be committed, as far as heard
 * @param committed up to where it is
 */
record VoterRules(
    Members members,
    boolean isChanging,
    String leader,
    Set<String> silent,
    SortedMap<String, Long> reached,
    long committed) {

  /** One takes the place of another now and then; else they are 1, 3 or 5. */
  static final int VOTERS_MAX = 6;

  /** As near as Ratis itself wants a peer to be before it counts its vote. */
  static final long ENTRIES_BEHIND_MAX = 1_000;

  /** What comes of the wish. */
  sealed interface Verdict {
    /** These are to be the members. */
    record To(Members next) implements Verdict {}

    /** They are so already. */
    record Already() implements Verdict {}

    /** It may not be. */
    record No(Refused why) implements Verdict {}
  }

  Verdict judge(VoterChange change) {
    if (isChanging) {
      return no(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected no other change of the members under way, but there is one that is not committed; look at naru cluster quorum, and try again later");
    }
    var voters = new ArrayList<>(members.voters());
    var listeners = new ArrayList<>(members.listeners());
    var promoted = change.promoted().filter(node -> of(voters, node).isEmpty());
    var demoted = change.demoted().filter(node -> of(listeners, node).isEmpty());
    if (promoted.isPresent()) {
      var member = of(listeners, promoted.get());
      if (member.isEmpty()) {
        return unknown(promoted.get());
      }
      var why = whyNotYet(member.get());
      if (why.isPresent()) {
        return new Verdict.No(why.get());
      }
      listeners.remove(member.get());
      voters.add(member.get());
    }
    if (demoted.isPresent()) {
      var member = of(members.voters(), demoted.get());
      if (member.isEmpty()) {
        return unknown(demoted.get());
      }
      if (member.get().peer().equals(leader)) {
        return no(
            ErrorCode.INVALID_REQUEST,
            "Expected to demote a voter that does not lead, but node %s is the active controller; restart it, and another one leads"
                .formatted(demoted.get()));
      }
      if (!silent.contains(member.get().peer())) {
        return no(
            ErrorCode.INVALID_REQUEST,
            ("Expected to demote a voter that is stopped, but node %s is alive. Stop it, demote it, and before it starts"
                    + " again empty its metadata directory and run: naru node format --replace")
                .formatted(demoted.get()));
      }
      voters.remove(member.get());
      listeners.add(member.get());
    }
    if (promoted.isEmpty() && demoted.isEmpty()) {
      return new Verdict.Already();
    }
    return whyLost(voters)
        .<Verdict>map(Verdict.No::new)
        .orElseGet(() -> new Verdict.To(new Members(sorted(voters), sorted(listeners))));
  }

  private Optional<Refused> whyNotYet(QuorumMember member) {
    if (silent.contains(member.peer())) {
      return Optional.of(
          new Refused(
              ErrorCode.INELIGIBLE_REPLICA,
              "Expected to promote a node that is heard, but node %s is silent"
                  .formatted(member.node())));
    }
    long at = reached.getOrDefault(member.peer(), 0L);
    return committed - at <= ENTRIES_BEHIND_MAX
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INELIGIBLE_REPLICA,
                "Expected a node that has caught up to %d entries, but node %s is %d behind, at %d of %d; try again later"
                    .formatted(ENTRIES_BEHIND_MAX, member.node(), committed - at, at, committed)));
  }

  /** A majority of those who vote then must be alive now. */
  private Optional<Refused> whyLost(List<QuorumMember> voters) {
    if (voters.size() > VOTERS_MAX) {
      return Optional.of(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected 1, 3 or 5 voters, but would be %d: demote another one first"
                  .formatted(voters.size())));
    }
    var alive = voters.stream().filter(voter -> !silent.contains(voter.peer())).toList();
    return alive.size() > voters.size() / 2
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INVALID_REQUEST,
                "Expected a majority of the voters to be alive after it, but of %s only %s would be: the quorum would be lost"
                    .formatted(ids(voters), ids(alive))));
  }

  private static Verdict unknown(NodeId node) {
    return no(
        ErrorCode.NODE_NOT_FOUND,
        "Expected a member of the metadata quorum, but node %s is none".formatted(node));
  }

  private static Verdict no(ErrorCode code, String reason) {
    return new Verdict.No(new Refused(code, reason));
  }

  private static Optional<QuorumMember> of(List<QuorumMember> members, NodeId node) {
    return members.stream().filter(member -> member.node().equals(node)).findFirst();
  }

  private static List<NodeId> ids(List<QuorumMember> members) {
    return members.stream().map(QuorumMember::node).toList();
  }

  private static List<QuorumMember> sorted(List<QuorumMember> members) {
    return members.stream().sorted(Comparator.comparing(QuorumMember::node)).toList();
  }
}
