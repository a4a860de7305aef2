package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;

/** Whether a command speaks of the process that is registered, not of one before or after it. */
final class Registered {

  private Registered() {}

  /** Empty if the node is registered under exactly this epoch. */
  static Optional<Refused> check(ClusterImage image, NodeId node, NodeEpoch epoch) {
    var registered = image.node(node).map(NodeImage::epoch);
    if (registered.equals(Optional.of(epoch))) {
      return Optional.empty();
    }
    if (registered.isEmpty()) {
      return refused(
          ErrorCode.NODE_NOT_FOUND,
          "Expected a registered node, but node " + node + " is not registered");
    }
    return registered.get().isBefore(epoch)
        ? refused(
            ErrorCode.UNKNOWN_NODE_EPOCH,
            "Expected node epoch %s of node %s, but was %s, which is newer"
                .formatted(registered.get(), node, epoch))
        : refused(
            ErrorCode.FENCED_NODE_EPOCH,
            "Expected node epoch %s of node %s, but was %s: another process has registered since"
                .formatted(registered.get(), node, epoch));
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
