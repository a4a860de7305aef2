package dev.naru.metadata.machine;

import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.NodeFenced;
import dev.naru.metadata.event.MetadataEvent.NodeStopping;
import dev.naru.metadata.event.MetadataEvent.NodeUnfenced;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Rules about registered nodes that come, go and stop. Each is without effect where it is so
 * already.
 */
final class NodeRules {

  private NodeRules() {}

  /**
   * The node leaves every ISR; it keeps its places in ELRs, for its process may be alive. Of one
   * that is to be removed it counts also that it never came to serve, or is known to be gone now.
   */
  static Decision fence(ClusterImage image, FenceNode command) {
    var id = command.node();
    return ofRegistered(
        image,
        id,
        command.epoch(),
        node ->
            node.isFenced() && !isNewsOfOneToBeRemoved(node, command.cause())
                ? Decision.accepted()
                : leavingIsrs(
                    image,
                    id,
                    new NodeFenced(id, command.cause()),
                    PartitionCause.NODE_FENCED,
                    partition -> partition.isr().contains(id)));
  }

  private static boolean isNewsOfOneToBeRemoved(NodeImage node, FenceCause cause) {
    return (node.isStarting() && node.intent() == NodeIntent.REMOVE)
        || (node.isToBeKnownGone() && cause == FenceCause.CONNECTION_REFUSED);
  }

  /** One that starts again has a process. */
  static boolean mayBeGone(NodeImage node) {
    return node.isFenced() && !node.isStarting();
  }

  /** The node stays only where it is the last one in sync. */
  static Decision beginShutdown(ClusterImage image, BeginShutdown command) {
    var id = command.node();
    return ofRegistered(
        image,
        id,
        command.epoch(),
        node ->
            node.isEligible()
                ? leavingIsrs(
                    image,
                    id,
                    new NodeStopping(id),
                    PartitionCause.NODE_STOPPING,
                    partition -> partition.isr().contains(id) && partition.isr().size() > 1)
                : Decision.accepted());
  }

  /** The node may be elected again where nobody leads. */
  static Decision unfence(ClusterImage image, UnfenceNode command) {
    var id = command.node();
    return ofRegistered(
        image,
        id,
        command.epoch(),
        node -> {
          if (!node.isFenced()) {
            return Decision.accepted();
          }
          if (!node.logsReported()) {
            return Decision.refused(
                ErrorCode.NODE_STARTING,
                "Expected all logs of node %s to be reported before it is unfenced, but some are not"
                    .formatted(id));
          }
          var events = new ArrayList<MetadataEvent>();
          events.add(new NodeUnfenced(id));
          events.addAll(
              PartitionSweep.changes(
                  image.withNode(node.unfenced()),
                  PartitionCause.NODE_UNFENCED,
                  partition -> !partition.hasLeader() && partition.elr().containsKey(id),
                  (topic, draft) -> draft));
          return new Decision.Accepted(events);
        });
  }

  private static Decision ofRegistered(
      ClusterImage image, NodeId id, NodeEpoch epoch, Function<NodeImage, Decision> rule) {
    return Registered.check(image, id, epoch)
        .<Decision>map(Decision.Refusal::new)
        .or(() -> image.node(id).map(rule))
        .orElseThrow();
  }

  private static Decision leavingIsrs(
      ClusterImage image,
      NodeId id,
      MetadataEvent event,
      PartitionCause cause,
      Predicate<PartitionImage> isConcerned) {
    var events = new ArrayList<MetadataEvent>();
    events.add(event);
    events.addAll(
        PartitionSweep.changes(
            MetadataMachine.evolve(image, event),
            cause,
            isConcerned,
            (topic, draft) -> draft.leaving(id, new Unbroken())));
    return new Decision.Accepted(events);
  }
}
