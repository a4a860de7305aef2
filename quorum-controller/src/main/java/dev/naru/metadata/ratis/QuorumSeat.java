package dev.naru.metadata.ratis;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.Voter;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who this node is in the quorum, and where its log lies. The internal address is what it tells
 * others while it is the active controller.
 *
 * @param metadataVersionMax the newest rules that its release knows; it ends where it meets others
 */
public record QuorumSeat(
    UUID cluster,
    NodeId node,
    List<Voter> voters,
    Path directory,
    HostPort bind,
    HostPort advertised,
    HostPort internal,
    int metadataVersionMax) {

  /** Of this release. */
  public QuorumSeat(
      UUID cluster,
      NodeId node,
      List<Voter> voters,
      Path directory,
      HostPort bind,
      HostPort advertised,
      HostPort internal) {
    this(
        cluster,
        node,
        voters,
        directory,
        bind,
        advertised,
        internal,
        ClusterImage.METADATA_VERSION_LATEST);
  }

  /** Refuses a number of voters that is not 1, 3 or 5, and a node or an address named twice. */
  public QuorumSeat {
    voters = List.copyOf(voters);
    long nodes = voters.stream().map(Voter::node).distinct().count();
    long addresses = voters.stream().map(Voter::raft).distinct().count();
    if (nodes != voters.size() || addresses != voters.size()) {
      throw new IllegalArgumentException(
          "Expected quorum.voters to name every node and address once, but was " + voters);
    }
    if (voters.size() != 1 && voters.size() != 3 && voters.size() != 5) {
      throw new IllegalArgumentException(
          "Expected 1, 3 or 5 quorum.voters, but was " + voters.size() + ": " + voters);
    }
  }

  /** This node's own entry, when the configuration makes it a voter. */
  Optional<Voter> ownVote() {
    return voters.stream().filter(voter -> voter.node().equals(node)).findFirst();
  }
}
