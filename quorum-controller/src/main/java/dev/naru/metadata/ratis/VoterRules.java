package dev.naru.metadata.ratis;

import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Whether voters may change so. Nothing here waits or asks: what the leader has heard comes in.
 *
 * <p>Who is to be demoted must be stopped: silent as a peer, and fenced as a node. Ratis leaves a
 * demoted server in the role of a follower and closes it at the next loss of the leader, and its
 * node ends with it: in the very moment in which the controller is gone. A peer is silent after two
 * elections' time, which a live process pauses for now and then; a node is fenced when its port
 * refuses connections, or when it has said nothing for the time that the cluster is to wait for it.
 * One that has registered anew counts as fenced too until it serves, and is alive: it is taken for
 * stopped only once it has been silent for much longer.
 *
 * @param members in force
 * @param isChanging whether they are on their way from others, which no majority has settled yet
 * @param leader the peer that leads, which is the one that decides
 * @param silent peers of which it has heard nothing for a while
 * @param longSilent those of which it has heard nothing for {@link #STARTING_SILENCE}
 * @param reached up to where each peer knows the log to be committed, as far as heard
 * @param committed up to where it is
 * @param nodes of the cluster, by id
 */
record VoterRules(
    Members members,
    boolean isChanging,
    String leader,
    Set<String> silent,
    Set<String> longSilent,
    SortedMap<String, Long> reached,
    long committed,
    SortedMap<NodeId, NodeImage> nodes) {

  /** More only make every change of the metadata slower; as in node.yaml. */
  static final int VOTERS_MAX = 5;

  /** As near as Ratis itself wants a peer to be before it counts its vote. */
  static final long ENTRIES_BEHIND_MAX = 1_000;

  /**
   * For which no process stands still that starts, also one that reads all its logs after a power
   * cut: five times what a node is given by default that serves.
   */
  static final Duration STARTING_SILENCE = Duration.ofSeconds(30);

  /** What comes of the wish. */
  sealed interface Verdict {
    /** These are to be the members next; then it is to be judged again. */
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
          "Expected no other change of the members under way, but there is one that is not"
              + " committed; look at naru cluster quorum, and try again later");
    }
    if (isSo(change)) {
      return whyNotKept(change).<Verdict>map(Verdict.No::new).orElseGet(Verdict.Already::new);
    }
    var promoted = toPromote(change);
    var demoted = toDemote(change);
    return first(promoted, this::whyNotPromoted)
        .or(() -> first(demoted, this::whyNotDemoted))
        .or(() -> whyNotSo(members.changed(promoted, demoted).voters()))
        .or(this::whyNotAgreed)
        .<Verdict>map(Verdict.No::new)
        .orElseGet(() -> towards(promoted, demoted));
  }

  /** Whether nothing is left to do; who is silent does not matter for it. */
  boolean isSo(VoterChange change) {
    return !isChanging && toPromote(change).isEmpty() && toDemote(change).isEmpty();
  }

  /** Why it is so, but must not stay: who was decommissioned meanwhile would vote for ever. */
  Optional<Refused> whyNotKept(VoterChange change) {
    return change.promoted().stream()
        .filter(id ->
            Optional.ofNullable(nodes.get(id))
                .filter(node -> node.intent() == NodeIntent.REMOVE)
                .isPresent())
        .findFirst()
        .map(node ->
            new Refused(
                ErrorCode.INVALID_REQUEST,
                "Expected a voter that stays, but node %s votes now and is being decommissioned: cancel that with naru ops cancel, or stop the node and put another one in its place"
                    .formatted(node)));
  }

  private List<NodeId> toPromote(VoterChange change) {
    return change.promoted().stream().filter(node -> voter(node).isEmpty()).toList();
  }

  /** Those who vote, and those who are nobody, which is told. */
  private List<NodeId> toDemote(VoterChange change) {
    return change.demoted().stream()
        .filter(node -> voter(node).isPresent() || listener(node).isEmpty())
        .toList();
  }

  /**
   * Ratis takes no change in which those who are new are as many as those who stay, but for a
   * second voter beside the only one. Then some come first.
   */
  private Verdict towards(List<NodeId> promoted, List<NodeId> demoted) {
    int staying = members.voters().size() - demoted.size();
    int newMax = members.voters().size() == 1 && demoted.isEmpty() ? 1 : staying - 1;
    if (promoted.size() <= newMax) {
      return new Verdict.To(members.changed(promoted, demoted));
    }
    return demoted.isEmpty() && newMax > 0
        ? new Verdict.To(members.changed(promoted.subList(0, newMax), demoted))
        : no(
            ErrorCode.INVALID_REQUEST,
            "Expected fewer new voters than stay, but new are %s, and %d stay: change fewer at once"
                .formatted(promoted, staying));
  }

  // ---- each node

  private Optional<Refused> whyNotPromoted(NodeId node) {
    var member = listener(node);
    if (member.isEmpty()) {
      return Optional.of(unknown(node));
    }
    if (silent.contains(member.get().peer())) {
      return ineligible(
          "Expected to promote a node that is heard, but node %s is silent".formatted(node));
    }
    var unfit = whyUnfit(node);
    if (unfit.isPresent()) {
      return ineligible(
          "Expected to promote a node that serves, but node %s is %s".formatted(node, unfit.get()));
    }
    long at = reached.getOrDefault(member.get().peer(), 0L);
    return committed - at <= ENTRIES_BEHIND_MAX
        ? Optional.empty()
        : ineligible(
            "Expected a node that has caught up to %d entries, but node %s is %d behind, at %d of %d; try again later"
                .formatted(ENTRIES_BEHIND_MAX, node, committed - at, at, committed));
  }

  /** Of a node that is forgotten soon, the vote would remain. */
  private Optional<String> whyUnfit(NodeId id) {
    var node = Optional.ofNullable(nodes.get(id));
    return node.isEmpty()
        ? Optional.of("not registered")
        : switch (node.get().intent()) {
          case REMOVE -> Optional.of("being decommissioned");
          case DRAIN -> Optional.of("drained: undrain it first");
          case NONE ->
              node.filter(each -> !each.isEligible())
                  .map(each -> each.isFenced() ? "fenced" : "stopping");
        };
  }

  private Optional<Refused> whyNotDemoted(NodeId node) {
    var member = voter(node);
    if (member.isEmpty()) {
      return Optional.of(unknown(node));
    }
    if (member.get().peer().equals(leader)) {
      return invalid(
          "Expected to demote a voter that does not lead, but node %s is the active controller; restart it, and another one leads"
              .formatted(node));
    }
    if (!silent.contains(member.get().peer())) {
      return invalid(
          ("Expected to demote a voter that is stopped, but node %s is alive. Stop it, demote it, and before it starts"
                  + " again empty its metadata directory and run: naru node format --replace")
              .formatted(node));
    }
    return whyMaybeAlive(node, member.get().peer())
        .flatMap(why ->
            invalid(
                ("Expected to demote a voter that is stopped, but node %s %s: it may only have paused."
                        + " If it is stopped, ask again in some seconds; else stop it first")
                    .formatted(node, why)));
  }

  /** Of a node that listens under a newer name only the older one goes, which nobody has. */
  private Optional<String> whyMaybeAlive(NodeId id, String peer) {
    var node = Optional.ofNullable(nodes.get(id)).filter(_ -> listener(id).isEmpty());
    if (node.filter(each -> !each.isFenced()).isPresent()) {
      return Optional.of("is not fenced yet");
    }
    return node.filter(each -> each.isStarting() && !longSilent.contains(peer))
        .map(_ ->
            "has begun to start, and not been silent for %d s since"
                .formatted(STARTING_SILENCE.toSeconds()));
  }

  // ---- all together

  /** They are 1, 3 or 5, and a majority of those who vote then is alive now. */
  private Optional<Refused> whyNotSo(List<QuorumMember> voters) {
    if (voters.size() > VOTERS_MAX || voters.size() % 2 == 0) {
      return invalid(
          ("Expected 1, 3 or 5 voters after it, but they would be %d, %s: say in the same call who takes the place of whom,"
                  + " or promote or demote two at once")
              .formatted(voters.size(), ids(voters)));
    }
    var alive = alive(voters);
    return alive.size() > voters.size() / 2
        ? Optional.empty()
        : invalid(
            "Expected a majority of the voters to be alive after it, but of %s only %s would be: the quorum would be lost"
                .formatted(ids(voters), ids(alive)));
  }

  /** Raft asks those who vote now, too. */
  private Optional<Refused> whyNotAgreed() {
    var alive = alive(members.voters());
    return alive.size() > members.voters().size() / 2
        ? Optional.empty()
        : invalid(
            "Expected a majority of the voters to be alive, but of %s only %s are: start one of the others first"
                .formatted(ids(members.voters()), ids(alive)));
  }

  private List<QuorumMember> alive(List<QuorumMember> voters) {
    return voters.stream().filter(voter -> !silent.contains(voter.peer())).toList();
  }

  private Optional<QuorumMember> voter(NodeId node) {
    return Members.ofNode(members.voters(), node);
  }

  private Optional<QuorumMember> listener(NodeId node) {
    return Members.ofNode(members.listeners(), node);
  }

  private static Optional<Refused> first(
      List<NodeId> nodes, Function<NodeId, Optional<Refused>> whyNot) {
    return nodes.stream().flatMap(node -> whyNot.apply(node).stream()).findFirst();
  }

  private static Refused unknown(NodeId node) {
    return new Refused(
        ErrorCode.NODE_NOT_FOUND,
        "Expected a member of the metadata quorum, but node %s is none".formatted(node));
  }

  private static Optional<Refused> ineligible(String reason) {
    return Optional.of(new Refused(ErrorCode.INELIGIBLE_REPLICA, reason));
  }

  private static Optional<Refused> invalid(String reason) {
    return Optional.of(new Refused(ErrorCode.INVALID_REQUEST, reason));
  }

  private static Verdict no(ErrorCode code, String reason) {
    return new Verdict.No(new Refused(code, reason));
  }

  private static List<NodeId> ids(List<QuorumMember> members) {
    return members.stream().map(QuorumMember::node).toList();
  }
}
