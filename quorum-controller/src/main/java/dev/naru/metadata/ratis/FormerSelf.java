package dev.naru.metadata.ratis;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.Voter;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.retry.RetryPolicies;

/**
 * Keeps a node with a new directory from taking the place of its older self. If that was a voter,
 * it would vote under the name of one that knew all that was agreed, and with an empty log let one
 * into the lead that lacks committed entries. So before its first start it asks the other voters
 * whether this node is registered. It never is in a cluster that begins, and always is in one that
 * it was a part of. Every node asks: one that was promoted is a voter that its configuration does
 * not name.
 *
 * <p>Any voter answers, from what it has applied: no controller is needed, because a former self is
 * most dangerous when there is none. Voters that do not answer are passed over: when all of them
 * are away, nobody can tell a lost disk from a new cluster.
 */
final class FormerSelf {

  private static final Logger LOG = LogManager.getLogger(FormerSelf.class);

  private static final String QUESTION = "registered? ";
  private static final Message YES = Message.valueOf("yes");
  private static final Message NO = Message.valueOf("no");

  private FormerSelf() {}

  /**
   * Asks the other voters, one after the other, a second each at most.
   *
   * @throws MetadataLogException if one of them knows this node
   */
  static void refuse(QuorumSeat seat, RatisSettings settings) throws MetadataLogException {
    for (Voter voter : seat.voters()) {
      if (!voter.node().equals(seat.node()) && knows(voter, seat, settings)) {
        throw new MetadataLogException(
            ErrorCode.DIRECTORY_MISMATCH,
            ("Expected node %s to be new, as its metadata directory %s is, but node %s knows it. If the disk with"
                    + " its metadata log is only not mounted, mount it; if the log is lost, remove what is in %s"
                    + " and run: naru node format --replace, and the node joins again under a new peer id")
                .formatted(seat.node(), seat.directory(), voter.node(), seat.directory()));
      }
    }
  }

  private static boolean knows(Voter voter, QuorumSeat seat, RatisSettings settings) {
    RaftPeer peer = Members.peer(Members.voterMember(voter), RaftPeerRole.FOLLOWER);
    try (RaftClient client =
        RaftClient.newBuilder()
            .setProperties(RaftTuning.properties(seat, settings))
            .setRaftGroup(RaftGroup.valueOf(RaftGroupId.valueOf(seat.cluster()), peer))
            .setRetryPolicy(RetryPolicies.noRetry())
            .build()) {
      var reply =
          client.io().sendStaleRead(Message.valueOf(QUESTION + seat.node()), 0, peer.getId());
      return reply.isSuccess() && reply.getMessage().getContent().equals(YES.getContent());
    } catch (IOException e) {
      LOG.debug("Node {} does not say whether it knows node {}", voter.node(), seat.node(), e);
      return false;
    }
  }

  /** The answer of a voter that has applied this image; empty if it was asked something else. */
  static Optional<Message> answer(Message question, ClusterImage image) {
    String text = question.getContent().toStringUtf8();
    if (!text.startsWith(QUESTION)) {
      return Optional.empty();
    }
    try {
      var node = new NodeId(Integer.parseInt(text.substring(QUESTION.length())));
      return Optional.of(image.node(node).isPresent() ? YES : NO);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
