package dev.naru.metadata.ratis;

import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;

/**
 * Changes who belongs to the quorum. Runs on the thread {@code quorum}, one change after the other:
 * each states the complete lists it starts from, and Ratis refuses it if they are not the ones in
 * force. Not Ratis' mode ADD, which removes every listener that it does not name.
 */
final class Membership {

  private static final Logger LOG = LogManager.getLogger(Membership.class);

  /** A node joins in two steps at most; the others are for changes that crossed ours. */
  private static final int STEPS_MAX = 5;

  /** Longer than a node that is alive says nothing. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final RaftNode raft;

  Membership(RaftNode raft) {
    this.raft = raft;
  }

  /**
   * Waits until the node is a member or Ratis gives up: 30 s for a node that does not catch up, 40
   * s for a change that no majority commits.
   */
  JoinOutcome join(QuorumMember joiner) {
    try {
      for (int step = 0; step < STEPS_MAX; step++) {
        var now = Members.of(raft.division().getRaftConf());
        Optional<HostPort> known = now.addressOf(joiner);
        if (known.isPresent() && !known.get().equals(joiner.raft())) {
          return moved(joiner, known.get());
        }
        Optional<Members> next = now.towards(joiner);
        if (next.isEmpty()) {
          return new JoinOutcome.Member();
        }
        RaftClientReply reply = raft.compareAndSetMembers(now, next.get());
        if (reply.isSuccess()) {
          LOG.info("The metadata quorum is now {}", next.get());
        } else if (!(reply.getException() instanceof ReconfigurationInProgressException)) {
          return refused(joiner, reply.getException());
        }
      }
      return new JoinOutcome.NotMember(
          new Refused(
              ErrorCode.REQUEST_TIMEOUT,
              "Expected node " + joiner.node() + " to join the quorum, but other changes go on"),
          Optional.empty());
    } catch (IOException e) {
      return refused(joiner, e);
    }
  }

  /**
   * Ends the membership of listeners that are no nodes of the cluster any more: else each would be
   * called for ever. Without effect on a server that does not lead, or while other changes go on:
   * the next call finds them again.
   */
  void forgetRemoved(Set<NodeId> nodes) {
    try {
      var now = Members.of(raft.division().getRaftConf());
      var next = now.withoutRemoved(nodes, raft.silentPeers(SILENCE));
      if (next.isPresent()) {
        var reply = raft.compareAndSetMembers(now, next.get());
        LOG.info("Without nodes that were removed the metadata quorum is {}: {}", next, reply);
      }
    } catch (IOException e) {
      LOG.info("Expected to end the membership of removed nodes, and will try again, but: {}", e);
    }
  }

  /** Ratis would answer success and keep the old address. */
  private static JoinOutcome moved(QuorumMember joiner, HostPort known) {
    return new JoinOutcome.NotMember(
        new Refused(
            ErrorCode.INVALID_CONFIG,
            "Expected node "
                + joiner.node()
                + " at "
                + known
                + " as when it joined, but it says "
                + joiner.raft()
                + ": use a name that stays, or naru node format --replace"),
        Optional.empty());
  }

  private static JoinOutcome refused(QuorumMember joiner, Exception why) {
    if (why instanceof NotLeaderException notLeader) {
      return new JoinOutcome.NotMember(
          new Refused(ErrorCode.NOT_LEADER, "Expected the active controller, but this node is not"),
          suggested(notLeader));
    }
    LOG.warn(
        LogCode.JOIN_REFUSED.marker(), "Expected {} to join the metadata quorum, but", joiner, why);
    var code =
        why instanceof LeaderNotReadyException
            ? ErrorCode.METADATA_QUORUM_LOST
            : ErrorCode.REQUEST_TIMEOUT;
    return new JoinOutcome.NotMember(
        new Refused(code, "Expected " + joiner + " to join the quorum, but: " + why.getMessage()),
        Optional.empty());
  }

  private static Optional<NodeId> suggested(NotLeaderException notLeader) {
    return Optional.ofNullable(notLeader.getSuggestedLeader())
        .map(peer -> QuorumMember.nodeOf(peer.getId().toString()));
  }
}
