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

  private Optional<Refused> steps(VoterChange change, BooleanSupplier isGivenUp) {
    try {
      for (int step = 0; step < STEPS_MAX && !isGivenUp.getAsBoolean(); step++) {
        if (!raft.division().getInfo().isLeader()) {
          return Optional.of(notController());
        }
        var now = rules(Set.of());
        if (now.isSo(change)) {
          return now.whyNotKept(change);
        }
        var silent = raft.silentFromNow();
        if (isGivenUp.getAsBoolean()) {
          break;
        }
        if (!raft.division().getInfo().isLeader()) {
          return Optional.of(notController()); // who does not lead hears of nobody
        }
        var rules = rules(silent);
        switch (rules.judge(change)) {
          case VoterRules.Verdict.Already _ -> {
            return Optional.empty();
          }
          case VoterRules.Verdict.No(var why) -> {
            return Optional.of(why);
          }
          case VoterRules.Verdict.To(var next) -> {
            if (change.isDryRun()) {
              return Optional.empty();
            }
            var refused = set(change, rules.members(), next);
            if (refused.isPresent()) {
              return refused;
            }
          }
        }
      }
      return Optional.of(
          new Refused(
              ErrorCode.REQUEST_TIMEOUT,
              "Expected the voters to change in time, but other changes went on, or nobody waits"
                  + " any more; look at naru cluster quorum before you ask again"));
    } catch (IOException e) {
      return Optional.of(whyNot(change, e));
    }
  }

  private VoterRules rules(Set<String> silent) throws IOException {
    var configuration = raft.division().getRaftConf();
    return new VoterRules(
        Members.of(configuration),
        !configuration.getPreviousPeers().isEmpty(),
        raft.division().getId().toString(),
        silent,
        raft.reached(),
        raft.view().committedIndex(),
        nodes.get());
  }

  /** Empty if it is to be judged again: then it is so, or another change crossed it. */
  private Optional<Refused> set(VoterChange change, Members now, Members next) throws IOException {
    var reply = raft.compareAndSetMembers(now, next);
    if (reply.isSuccess()) {
      LOG.info("The metadata quorum is now {}, as asked: {}", next, change);
      return Optional.empty();
    }
    boolean isCrossed =
        reply.getException() instanceof ReconfigurationInProgressException
            || !Members.of(raft.division().getRaftConf()).equals(now);
    return isCrossed ? Optional.empty() : Optional.of(whyNot(change, reply.getException()));
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

  private static Refused notController() {
    return new Refused(
        ErrorCode.NOT_LEADER, "Expected the active controller, but this node is not");
  }
}
