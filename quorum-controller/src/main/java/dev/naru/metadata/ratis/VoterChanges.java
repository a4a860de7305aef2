package dev.naru.metadata.ratis;

import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;

/**
 * Changes who votes. Runs on the thread {@code quorum}, as {@link Membership} does; {@link
 * VoterRules} decide.
 */
final class VoterChanges {

  private static final Logger LOG = LogManager.getLogger(VoterChanges.class);

  /** From one voter to five it takes three; the others are for changes that crossed ours. */
  private static final int STEPS_MAX = 6;

  private final RaftNode raft;
  private final Supplier<? extends SortedMap<NodeId, NodeImage>> nodes;

  /** What comes of a step. */
  private sealed interface Progress {

    /** No more steps: it is so, or could be, or is refused. */
    record Ended(Optional<Refused> refused) implements Progress {}

    /** To be judged again: the members changed, by this step or by a change that crossed it. */
    record Again() implements Progress {}

    static Progress done() {
      return new Ended(Optional.empty());
    }

    static Progress refused(Refused why) {
      return new Ended(Optional.of(why));
    }
  }

  /** For this cluster's nodes, as known now. */
  VoterChanges(RaftNode raft, Supplier<? extends SortedMap<NodeId, NodeImage>> nodes) {
    this.raft = raft;
    this.nodes = nodes;
  }

  /**
   * Empty once it is so, or could be. Each step waits for two elections' time, to hear who is
   * alive, and then 40 s at most.
   *
   * @param isGivenUp whether whoever asked waits no more: then nothing more is begun, unless the
   *     step before has left an even number of voters
   */
  Optional<Refused> make(VoterChange change, BooleanSupplier isGivenUp) {
    var before = voters();
    BooleanSupplier mayEnd =
        () -> isGivenUp.getAsBoolean() && !new VoterSteps(before, voters()).areHalfway();
    return steps(change, mayEnd).map(why -> new VoterSteps(before, voters()).told(change, why));
  }

  private List<NodeId> voters() {
    return raft.view().voters().stream().map(QuorumMember::node).toList();
  }

  private Optional<Refused> steps(VoterChange change, BooleanSupplier mayEnd) {
    try {
      for (int step = 0; step < STEPS_MAX && !mayEnd.getAsBoolean(); step++) {
        if (step(change, mayEnd) instanceof Progress.Ended(var refused)) {
          return refused;
        }
      }
      return Optional.of(notInTime());
    } catch (IOException e) {
      return Optional.of(whyNot(change, e));
    }
  }

  private Progress step(VoterChange change, BooleanSupplier mayEnd) throws IOException {
    if (!isLeader()) {
      return Progress.refused(notController());
    }
    var now = rules(Set.of());
    if (now.isSo(change)) {
      return new Progress.Ended(now.whyNotKept(change));
    }
    var silent = raft.silentFromNow();
    if (mayEnd.getAsBoolean()) {
      return Progress.refused(notInTime());
    }
    if (!isLeader()) {
      return Progress.refused(notController()); // who does not lead hears of nobody
    }
    return carryOut(change, rules(silent));
  }

  private Progress carryOut(VoterChange change, VoterRules rules) throws IOException {
    return switch (rules.judge(change)) {
      case VoterRules.Verdict.Already _ -> Progress.done();
      case VoterRules.Verdict.No(var why) -> Progress.refused(why);
      case VoterRules.Verdict.To _ when change.isDryRun() -> Progress.done();
      case VoterRules.Verdict.To(var next) -> set(change, rules.members(), next);
    };
  }

  private boolean isLeader() throws IOException {
    return raft.division().getInfo().isLeader();
  }

  private VoterRules rules(Set<String> silent) throws IOException {
    var configuration = raft.division().getRaftConf();
    return new VoterRules(
        Members.of(configuration),
        !configuration.getPreviousPeers().isEmpty(),
        raft.division().getId().toString(),
        silent,
        raft.silentPeers(VoterRules.STARTING_SILENCE),
        raft.reached(),
        raft.view().committedIndex(),
        nodes.get());
  }

  private Progress set(VoterChange change, Members now, Members next) throws IOException {
    var reply = raft.compareAndSetMembers(now, next);
    if (reply.isSuccess()) {
      LOG.info("The metadata quorum is now {}, as asked: {}", next, change);
      return new Progress.Again();
    }
    boolean isCrossed =
        reply.getException() instanceof ReconfigurationInProgressException
            || !Members.of(raft.division().getRaftConf()).equals(now);
    return isCrossed
        ? new Progress.Again()
        : Progress.refused(whyNot(change, reply.getException()));
  }

  private static Refused whyNot(VoterChange change, Exception fault) {
    if (fault instanceof NotLeaderException) {
      return notController();
    }
    if (fault instanceof SetConfigurationException) { // for ever, while the members are these
      return new Refused(
          ErrorCode.INVALID_REQUEST,
          "Expected a change that Raft can make, but it refuses: " + fault.getMessage());
    }
    LOG.info("The voters did not change by {}, and whoever asked is told", change, fault);
    return new Refused(
        fault instanceof LeaderNotReadyException
            ? ErrorCode.METADATA_QUORUM_LOST
            : ErrorCode.REQUEST_TIMEOUT,
        "Expected the voters to change, but: " + fault.getMessage());
  }

  private static Refused notInTime() {
    return new Refused(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected the voters to change in time, but other changes went on, or nobody waits"
            + " any more; look at naru cluster quorum before you ask again");
  }

  private static Refused notController() {
    return new Refused(
        ErrorCode.NOT_LEADER, "Expected the active controller, but this node is not");
  }
}
