package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which nodes are not decommissioned. */
class WhoMustStayTest {

  private static final QuorumMember VOTER =
      new QuorumMember(new NodeId(1), "1", new HostPort("localhost", 9093));

  @Test
  void aVoterStaysAndAnotherNodeNeedNot() {
    assertThat(whyItMustStay(1, VOTER)).contains(ErrorCode.INVALID_REQUEST);
    assertThat(whyItMustStay(2, VOTER)).isEmpty();
  }

  @Test
  void nobodyGoesWhileTheAskedNodeDoesNotKnowWhoVotes() {
    assertThat(whyItMustStay(2)).contains(ErrorCode.METADATA_QUORUM_LOST);
  }

  private static Optional<ErrorCode> whyItMustStay(int node, QuorumMember... voters) {
    var quorum =
        new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(voters), List.of(), 1);
    var now = new ClusterSnapshot(LedCluster.of(2, 1, 2), 10, quorum, 0);
    return NodeAdminService.whyItMustStay(now, new NodeId(node)).map(Refused::code);
  }
}
