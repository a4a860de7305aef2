package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * Tells a node that was taken out of the cluster from one that was never in it: the image knows
 * neither, but the directories of the former remember under which epoch they were a node's.
 */
public final class Decommissioned {

  private Decommissioned() {}

  /**
   * Why the node must not come back by a mere restart: what its directories hold is no replica any
   * more. Empty if nothing speaks against it.
   *
   * @param knownEpoch the newest epoch that its directories remember
   */
  public static Optional<Refused> whyNot(
      ClusterImage image, NodeId node, Optional<NodeEpoch> knownEpoch) {
    return knownEpoch
        .filter(_ -> image.node(node).isEmpty())
        .map(epoch ->
            new Refused(
                ErrorCode.NODE_NOT_FOUND,
                "Expected a node that was never in the cluster, but node %s was, under epoch %s, and was decommissioned since; to take it in again, format it with empty directories"
                    .formatted(node, epoch)));
  }

  /**
   * The same where the newest image may not be known, as by a controller that is one no longer. A
   * node's epoch is the index of the entry that registered it: an image that stands there or later
   * and lacks the node has seen it removed, and one that stands before proves nothing.
   *
   * @param index the entry of the metadata log that the image stands at
   */
  public static Optional<Refused> whyNotAsOf(
      ClusterImage image, long index, NodeId node, Optional<NodeEpoch> knownEpoch) {
    return whyNot(image, node, knownEpoch.filter(epoch -> epoch.value() <= index));
  }
}
