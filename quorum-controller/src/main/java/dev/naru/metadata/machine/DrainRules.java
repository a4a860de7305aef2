package dev.naru.metadata.machine;

import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.NodeIntended;
import dev.naru.metadata.event.MetadataEvent.OperationChanged;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.OperationState;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.pcollections.TreePMap;

/** Rules about what an operator wants of a node, and who leads by that. */
final class DrainRules {

  private DrainRules() {}

  static Decision drain(ClusterImage image, DrainNode command, long index, long nowMillis) {
    var id = command.node();
    long print = Fingerprint.of(command);
    var known = OperationRules.whyNotNew(image, command.operation(), print, Optional.of(id));
    if (known.isPresent()) {
      return known.get();
    }
    if (image.node(id).filter(node -> node.intent() == NodeIntent.REMOVE).isPresent()) {
      return OperationRules.leavingForGood(id);
    }
    var begun =
        OperationImage.begun(
            command.operation(),
            OperationKind.DRAIN_NODE,
            Optional.of(id),
            index,
            nowMillis,
            OptionalLong.empty(),
            print,
            NodeIntent.NONE);
    var events = OperationRules.forgotten(image, nowMillis);
    events.addAll(drainsEnded(image, id, nowMillis)); // this one takes the place of another one
    events.addAll(intended(image, id, NodeIntent.DRAIN, nowMillis));
    events.add(new OperationChanged(begun.planned(leaderships(image, id), TreePMap.empty())));
    return new Decision.Accepted(events);
  }

  static Decision undrain(ClusterImage image, UndrainNode command, long nowMillis) {
    var id = command.node();
    var node = image.node(id);
    if (node.isEmpty()) {
      return OperationRules.notRegistered(id);
    }
    return switch (node.get().intent()) {
      case NONE -> Decision.accepted();
      case REMOVE -> OperationRules.leavingForGood(id);
      case DRAIN -> new Decision.Accepted(intended(image, id, NodeIntent.NONE, nowMillis));
    };
  }

  /**
   * The node is wanted in another way from now on, and leads as it should then. Whatever drains it
   * ends by that.
   */
  static List<MetadataEvent> intended(
      ClusterImage image, NodeId id, NodeIntent intent, long nowMillis) {
    if (image.node(id).filter(node -> node.intent() != intent).isEmpty()) {
      return List.of();
    }
    var events = new ArrayList<MetadataEvent>();
    if (intent != NodeIntent.DRAIN) {
      events.addAll(drainsEnded(image, id, nowMillis));
    }
    events.add(new NodeIntended(id, intent));
    var evolved = SuspicionRules.evolved(image, events);
    events.addAll(
        PartitionSweep.changes(
            evolved,
            PartitionCause.NODE_DRAINED,
            entry -> entry.leader().filter(evolved::isSecondChoice).isPresent(),
            (topic, draft) -> draft));
    return events;
  }

  private static List<MetadataEvent> drainsEnded(ClusterImage image, NodeId id, long nowMillis) {
    return MoveRules.running(image).stream()
        .filter(each -> each.kind() == OperationKind.DRAIN_NODE)
        .filter(each -> each.node().equals(Optional.of(id)))
        .<MetadataEvent>map(
            each -> new OperationChanged(each.finished(OperationState.CANCELLED, nowMillis)))
        .toList();
  }

  /** How many partitions the node leads that have a replica elsewhere. */
  static int leaderships(ClusterImage image, NodeId node) {
    return (int)
        image.topics().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .filter(entry -> entry.isLedBy(node) && entry.copies() > 1)
            .count();
  }
}
