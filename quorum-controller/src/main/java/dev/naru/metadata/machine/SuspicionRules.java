package dev.naru.metadata.machine;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.NodeSuspected;
import dev.naru.metadata.event.MetadataEvent.NodeTrusted;
import dev.naru.metadata.event.MetadataEvent.PartitionChanged;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.pcollections.TreePSet;

/**
 * Rules about leaders that would cut off their followers when they themselves are at fault. Such a
 * node is suspected: it keeps its places in ISRs, for those who lead now see for themselves whether
 * it keeps up, and leads only where nobody else in sync could.
 *
 * <p>Nobody is suspected twice without having been seen to work in between. So what a suspected
 * leader proposes is taken at its word, and a cluster in which all links are down at once comes to
 * rest instead of handing leaderships round for ever.
 */
final class SuspicionRules {

  private SuspicionRules() {}

  /** Without effect if it is not so, by the image of the controller: then the node may shrink. */
  static Decision suspect(ClusterImage image, SuspectNode command) {
    var refusal = Registered.check(image, command.node(), command.epoch());
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    if (command.partitions().size() > MetadataCommand.ENTRIES_MAX) {
      return Decision.refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s partitions, but were %s"
              .formatted(MetadataCommand.ENTRIES_MAX, command.partitions().size()));
    }
    return isAtFault(image, command.node(), new TreeSet<>(command.partitions()))
        ? new Decision.Accepted(suspected(image, TreePSet.singleton(command.node())))
        : Decision.accepted();
  }

  /** The leaders that these proposals are to be held against. */
  static Set<NodeId> atFault(ClusterImage image, Collection<AlterPartition> proposals) {
    Map<NodeId, Set<PartitionId>> alone = new TreeMap<>();
    for (var proposal : proposals) {
      if (proposal.leavesLeaderAlone()) {
        alone
            .computeIfAbsent(proposal.leader().node(), _ -> new TreeSet<>())
            .add(proposal.partition());
      }
    }
    alone.entrySet().removeIf(each -> !isAtFault(image, each.getKey(), each.getValue()));
    return alone.keySet();
  }

  private static boolean isAtFault(ClusterImage image, NodeId node, Set<PartitionId> alone) {
    return image.node(node).map(NodeImage::state).filter(NodeState.ACTIVE::equals).isPresent()
        && ShrinkStorm.blames(image, node, alone);
  }

  /**
   * These nodes lead only what nobody else in sync could. What tells against them is news: so one
   * that was suspected before leads rather than they, if it has kept its place in the ISR since.
   */
  static List<MetadataEvent> suspected(ClusterImage image, Set<NodeId> nodes) {
    if (nodes.isEmpty()) {
      return List.of();
    }
    var events = new ArrayList<MetadataEvent>(nodes.stream().map(NodeSuspected::new).toList());
    events.addAll(handedOver(evolved(image, events), nodes::contains));
    var others =
        image.nodes().values().stream()
            .filter(NodeImage::isSuspected)
            .<MetadataEvent>map(node -> new NodeTrusted(node.id()))
            .toList();
    var trusting = evolved(evolved(image, events), others);
    events.addAll(handedOver(trusting, nodes::contains));
    return events;
  }

  /** What these nodes lead and somebody in sync could whom this image prefers. */
  private static List<MetadataEvent> handedOver(ClusterImage image, Predicate<NodeId> nodes) {
    return PartitionSweep.changes(
        image,
        PartitionCause.SHRINK_STORM,
        partition -> partition.leader().filter(nodes).isPresent(),
        (topic, draft) -> draft);
  }

  /**
   * These were seen to work: whoever of them was suspected is so no more, and leads what others
   * lead only for want of a better one.
   *
   * @param others partitions that are settled besides
   */
  static List<MetadataEvent> trusted(
      ClusterImage image, Set<NodeId> nodes, Set<PartitionId> others) {
    var cleared = nodes.stream().filter(node -> isSuspected(image, node)).toList();
    var events = new ArrayList<MetadataEvent>(cleared.stream().map(NodeTrusted::new).toList());
    if (!cleared.isEmpty()) {
      var evolved = evolved(image, events);
      PartitionSweep.changes(
              evolved,
              PartitionCause.SHRINK_STORM,
              partition -> partition.leader().filter(evolved::isSecondChoice).isPresent(),
              (topic, draft) -> draft)
          .stream()
          .filter(
              event -> !(event instanceof PartitionChanged(var id, _, _) && others.contains(id)))
          .forEach(events::add);
    }
    return events;
  }

  private static boolean isSuspected(ClusterImage image, NodeId node) {
    return image.node(node).filter(NodeImage::isSuspected).isPresent();
  }

  /** The image after these events. */
  static ClusterImage evolved(ClusterImage image, List<MetadataEvent> events) {
    var evolved = image;
    for (var event : events) {
      evolved = MetadataMachine.evolve(evolved, event);
    }
    return evolved;
  }
}
