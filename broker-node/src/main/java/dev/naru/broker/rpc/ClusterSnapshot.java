package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.types.NodeId;
import java.util.Optional;

/**
 * The cluster as one answer shows it: one image, one look at the quorum.
 *
 * @param index of the metadata log that the image reflects
 * @param imageAgeMillis since the image was last known to be current
 */
public record ClusterSnapshot(
    ClusterImage image, long index, QuorumView quorum, long imageAgeMillis) {

  /** The same with another image. */
  ClusterSnapshot with(ClusterImage changed) {
    return new ClusterSnapshot(changed, index, quorum, imageAgeMillis);
  }

  Optional<NodeId> controller() {
    return quorum.controller();
  }

  boolean isVoter(NodeId node) {
    return quorum.voters().stream().map(QuorumMember::node).anyMatch(node::equals);
  }
}
