package dev.naru.metadata.liveness;

import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;

/** What the active controller submits about nodes, given what it heard of them. */
public final class FencingRules {

  private FencingRules() {}

  /**
   * The commands that are due now: fencing nodes that were silent for too long, unfencing those
   * that are heard again and have caught up, beginning the shutdown of those that ask for it. Asked
   * again before they are applied, it names the same ones again, which does no harm.
   */
  public static List<MetadataCommand> due(
      ClusterImage image, HeartbeatLedger ledger, long timeoutNanos, long nowNanos) {
    return image.nodes().values().stream()
        .flatMap(node -> due(node, ledger, timeoutNanos, nowNanos).stream())
        .toList();
  }

  /**
   * Unfenced nodes without a heartbeat stream: worth a probe of their internal listener. And those
   * that are to be forgotten once they are known to be gone, for only a probe tells that of one
   * that fell silent first.
   */
  public static List<NodeId> toProbe(ClusterImage image, HeartbeatLedger ledger) {
    return image.nodes().values().stream()
        .filter(node -> !node.isFenced() || node.isToBeKnownGone())
        .filter(node -> !streamStands(node, ledger))
        .map(NodeImage::id)
        .toList();
  }

  /**
   * A probe of this node's internal listener was refused. The probe may be older than a stream that
   * stands now, of this process or of its successor: only without one the node is fenced.
   */
  public static Optional<FenceNode> onProbeRefused(
      ClusterImage image, HeartbeatLedger ledger, NodeId id) {
    return image
        .node(id)
        .filter(node -> !node.isFenced() || node.isToBeKnownGone())
        .filter(node -> !streamStands(node, ledger))
        .map(node -> new FenceNode(id, node.epoch(), FenceCause.CONNECTION_REFUSED));
  }

  /** Whether a node that wants to stop leads nothing that another could lead. */
  public static boolean mayShutDown(ClusterImage image, NodeId id) {
    return image.node(id).filter(NodeImage::isEligible).isEmpty()
        && !image.leadsWhatAnotherCould(id);
  }

  private static Optional<MetadataCommand> due(
      NodeImage node, HeartbeatLedger ledger, long timeoutNanos, long nowNanos) {
    boolean silent = ledger.silentNanos(node.id(), node.epoch(), nowNanos) >= timeoutNanos;
    var heartbeat = ledger.of(node.id(), node.epoch());
    // One that was never heard may not have come so far yet.
    boolean neverServed =
        node.isStarting() && node.intent() == NodeIntent.REMOVE && heartbeat.isPresent();
    if ((!node.isFenced() || neverServed) && silent) {
      return Optional.of(new FenceNode(node.id(), node.epoch(), FenceCause.SILENT));
    }
    if (node.isEligible() && heartbeat.filter(Heartbeat::wantsShutdown).isPresent()) {
      return Optional.of(new BeginShutdown(node.id(), node.epoch()));
    }
    // The stream counts, too: a node just fenced for a refused connection was heard moments ago.
    return node.isFenced()
            && node.logsReported()
            && !silent
            && heartbeat.filter(last -> isWell(node, last)).isPresent()
        ? Optional.of(new UnfenceNode(node.id(), node.epoch()))
        : Optional.empty();
  }

  private static boolean isWell(NodeImage node, Heartbeat last) {
    return last.streamStands()
        && !last.wantsShutdown()
        && last.appliedIndex() >= node.epoch().value();
  }

  private static boolean streamStands(NodeImage node, HeartbeatLedger ledger) {
    return ledger.of(node.id(), node.epoch()).filter(Heartbeat::streamStands).isPresent();
  }
}
