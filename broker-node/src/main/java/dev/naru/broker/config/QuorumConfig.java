package dev.naru.broker.config;

import dev.naru.metadata.log.Voter;
import dev.naru.metadata.ratis.RatisSettings;
import dev.naru.types.NodeId;
import dev.naru.types.Setting;
import java.util.List;

/** The metadata quorum: who votes, and how its log runs. */
public record QuorumConfig(
    @Setting(
            key = "quorum.voters",
            takes = "1, 3 or 5 of different ids and addresses",
            doc = "The 1, 3 or 5 nodes that vote, as id@host:port.")
        List<Voter> voters,
    RatisSettings log) {

  /** Refuses an even number of voters and voters that share an id or an address. */
  public QuorumConfig {
    voters = List.copyOf(voters);
    if (voters.size() != 1 && voters.size() != 3 && voters.size() != 5) {
      throw new IllegalArgumentException(
          "Expected quorum.voters to name 1, 3 or 5 nodes, but was " + voters);
    }
    if (voters.stream().map(Voter::node).distinct().count() < voters.size()
        || voters.stream().map(Voter::raft).distinct().count() < voters.size()) {
      throw new IllegalArgumentException(
          "Expected quorum.voters to have different ids and addresses, but was " + voters);
    }
  }

  /** Whether this node votes; other nodes only follow the metadata log. */
  public boolean isVoter(NodeId node) {
    return voters.stream().anyMatch(voter -> voter.node().equals(node));
  }
}
