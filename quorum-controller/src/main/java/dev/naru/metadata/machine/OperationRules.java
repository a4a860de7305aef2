package dev.naru.metadata.machine;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.NodeIntended;
import dev.naru.metadata.event.MetadataEvent.OperationChanged;
import dev.naru.metadata.event.MetadataEvent.OperationForgotten;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.OperationState;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.pcollections.TreePMap;

/**
 * Rules about what takes longer than a call. An operation goes on in the very entries of the log
 * that allow it to, and nobody has to carry it on: so it outlives every controller.
 */
final class OperationRules {

  /** Of those that have not ended, and of all that are remembered. */
  static final int REMEMBERED_MAX = 1_000;

  /** A leader reads a mebibyte at a time; who asks for less means more, as of bytes for mebibytes. */
  static final long BYTES_PER_SECOND_MIN = 1 << 20;

  /** By the clocks of those who submit: nothing but memory depends on it. */
  static final Duration REMEMBERED = Duration.ofDays(7);

  private OperationRules() {}

  // ---- what is asked

  static Decision drain(ClusterImage image, DrainNode command, long index, long nowMillis) {
    var id = command.node();
    var known = whyNotNew(image, command.operation(), OperationKind.DRAIN_NODE, Optional.of(id));
    if (known.isPresent()) {
      return known.get();
    }
    if (image.node(id).filter(node -> node.intent() == NodeIntent.REMOVE).isPresent()) {
      return leavingForGood(id);
    }
    var begun =
        OperationImage.begun(
            command.operation(),
            OperationKind.DRAIN_NODE,
            Optional.of(id),
            index,
            nowMillis,
            OptionalLong.empty());
    var events = forgotten(image, nowMillis);
    events.addAll(intended(image, id, NodeIntent.DRAIN));
    events.add(new OperationChanged(begun.planned(leaderships(image, id), TreePMap.empty())));
    return new Decision.Accepted(events);
  }

  static Decision undrain(ClusterImage image, UndrainNode command, long nowMillis) {
    var id = command.node();
    var node = image.node(id);
    if (node.isEmpty()) {
      return notRegistered(id);
    }
    return switch (node.get().intent()) {
      case NONE -> Decision.accepted();
      case REMOVE -> leavingForGood(id);
      case DRAIN -> {
        var events = new ArrayList<>(intended(image, id, NodeIntent.NONE));
        MoveRules.running(image).stream()
            .filter(each -> each.kind() == OperationKind.DRAIN_NODE)
            .filter(each -> each.node().equals(Optional.of(id)))
            .forEach(each ->
                events.add(
                    new OperationChanged(each.finished(OperationState.CANCELLED, nowMillis))));
        yield new Decision.Accepted(events);
      }
    };
  }

  static Decision reassign(
      ClusterImage image, ReassignPartitions command, long index, long nowMillis) {
    var kind = OperationKind.REASSIGN_PARTITIONS;
    var known = whyNotNew(image, command.operation(), kind, Optional.empty());
    if (known.isPresent()) {
      return known.get();
    }
    var refusal =
        whyNotThatFast(command.bytesPerSecond())
            .or(() -> MoveRules.whyNot(image, command.placements()));
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var begun =
        OperationImage.begun(
            command.operation(),
            kind,
            Optional.empty(),
            index,
            nowMillis,
            command.bytesPerSecond());
    return planned(image, begun, command.placements(), List.of(), nowMillis);
  }

  static Decision decommission(
      ClusterImage image, DecommissionNode command, long index, long nowMillis) {
    var id = command.node();
    var kind = OperationKind.DECOMMISSION_NODE;
    var known = whyNotNew(image, command.operation(), kind, Optional.of(id));
    if (known.isPresent()) {
      return known.get();
    }
    if (image.node(id).filter(node -> node.intent() == NodeIntent.REMOVE).isPresent()) {
      return leavingForGood(id);
    }
    var expecting =
        MoveRules.running(image).stream().filter(each -> isGivingTo(image, each, id)).findFirst();
    if (expecting.isPresent()) {
      return Decision.refused(
          ErrorCode.REASSIGNMENT_IN_PROGRESS,
          "Expected node %s to get no replicas, but operation %s moves some there"
              .formatted(id, expecting.get().id()));
    }
    return switch (Evacuation.plan(image, id, command.placementSeed())) {
      case Evacuation.Plan.None(var why) -> new Decision.Refusal(why);
      case Evacuation.Plan.Found(var placements) ->
          whyNotThatFast(command.bytesPerSecond())
              .or(() -> MoveRules.whyNot(image, placements))
              .<Decision>map(Decision.Refusal::new)
              .orElseGet(() ->
                  planned(
                      image,
                      OperationImage.begun(
                          command.operation(),
                          kind,
                          Optional.of(id),
                          index,
                          nowMillis,
                          command.bytesPerSecond()),
                      placements,
                      intended(image, id, NodeIntent.REMOVE),
                      nowMillis));
    };
  }

  static Decision cancel(ClusterImage image, CancelOperation command, long nowMillis) {
    var found = image.operation(command.operation());
    if (found.isEmpty()) {
      return Decision.refused(
          ErrorCode.OPERATION_NOT_FOUND,
          "Expected an operation, but there is none of id " + command.operation());
    }
    var operation = found.get();
    if (operation.state() != OperationState.RUNNING) {
      return Decision.accepted();
    }
    var events = new ArrayList<MetadataEvent>();
    operation
        .node()
        .filter(node -> isWantedSo(image, node, operation.kind()))
        .ifPresent(node -> events.addAll(intended(image, node, NodeIntent.NONE)));
    if (operation.kind() == OperationKind.DRAIN_NODE) {
      events.add(new OperationChanged(operation.finished(OperationState.CANCELLED, nowMillis)));
      return new Decision.Accepted(events);
    }
    events.add(
        new OperationChanged(
            operation
                .withMoves(TreePMap.empty(), operation.moving())
                .withState(OperationState.CANCELLING)));
    events.addAll(MoveRules.cancelled(SuspicionRules.evolved(image, events), operation));
    return new Decision.Accepted(events);
  }

  /** A node that was drained may have to be removed since. */
  private static boolean isWantedSo(ClusterImage image, NodeId node, OperationKind kind) {
    var intent = image.node(node).map(NodeImage::intent);
    return intent.equals(
        Optional.of(kind == OperationKind.DRAIN_NODE ? NodeIntent.DRAIN : NodeIntent.REMOVE));
  }

  // ---- what an operation begins with

  private static Decision planned(
      ClusterImage image,
      OperationImage begun,
      Collection<Placement> placements,
      List<MetadataEvent> first,
      long nowMillis) {
    var plan = MoveRules.plan(image, placements);
    var events = forgotten(image, nowMillis);
    events.addAll(first);
    events.add(new OperationChanged(begun.planned(plan.size(), plan)));
    return new Decision.Accepted(events);
  }

  /** What is to be answered at once: the same operation once more, or that it cannot be. */
  private static Optional<Decision> whyNotNew(
      ClusterImage image, UUID id, OperationKind kind, Optional<NodeId> node) {
    var known = image.operation(id);
    if (known.isPresent()) {
      boolean isSame = known.get().kind() == kind && known.get().node().equals(node);
      return Optional.of(
          isSame
              ? Decision.accepted()
              : Decision.refused(
                  ErrorCode.INVALID_REQUEST,
                  "Expected a request id that was never used, but another operation has " + id));
    }
    if (node.isPresent() && image.node(node.get()).isEmpty()) {
      return Optional.of(notRegistered(node.get()));
    }
    return MoveRules.running(image).size() >= REMEMBERED_MAX
        ? Optional.of(
            Decision.refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %d operations at a time, but so many have not ended"
                    .formatted(REMEMBERED_MAX)))
        : Optional.empty();
  }

  private static Optional<Refused> whyNotThatFast(OptionalLong bytesPerSecond) {
    return bytesPerSecond.orElse(BYTES_PER_SECOND_MIN) >= BYTES_PER_SECOND_MIN
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INVALID_REQUEST,
                "Expected at least %d bytes a second, but were %d"
                    .formatted(BYTES_PER_SECOND_MIN, bytesPerSecond.getAsLong())));
  }

  private static boolean isGivingTo(ClusterImage image, OperationImage operation, NodeId node) {
    return operation.waiting().values().stream().anyMatch(nodes -> nodes.contains(node))
        || operation.moving().stream()
            .flatMap(id -> image.partition(id).stream())
            .anyMatch(entry -> entry.replicaOn(node).isPresent());
  }

  private static Decision notRegistered(NodeId id) {
    return Decision.refused(
        ErrorCode.NODE_NOT_FOUND,
        "Expected a registered node, but node " + id + " is not registered");
  }

  private static Decision leavingForGood(NodeId id) {
    return Decision.refused(
        ErrorCode.REASSIGNMENT_IN_PROGRESS,
        "Expected a node that is to stay, but node %s is being decommissioned; cancel that operation first"
            .formatted(id));
  }

  /** The node is wanted in another way from now on, and leads as it should then. */
  private static List<MetadataEvent> intended(ClusterImage image, NodeId id, NodeIntent intent) {
    if (image.node(id).filter(node -> node.intent() != intent).isEmpty()) {
      return List.of();
    }
    var events = new ArrayList<MetadataEvent>();
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

  /** Those that ended long ago; and the one that ended first, when there are too many. */
  private static List<MetadataEvent> forgotten(ClusterImage image, long nowMillis) {
    var ended =
        image.operations().values().stream()
            .filter(each -> !each.isRunning())
            .sorted(
                Comparator.comparingLong((OperationImage each) -> each.finishedMillis().orElse(0))
                    .thenComparing(OperationImage::id))
            .toList();
    int tooMany = Math.max(0, image.operations().size() - REMEMBERED_MAX + 1);
    var events = new ArrayList<MetadataEvent>();
    for (var each : ended) {
      boolean isOld = each.finishedMillis().orElse(0) < nowMillis - REMEMBERED.toMillis();
      if (isOld || events.size() < tooMany) {
        events.add(new OperationForgotten(each.id()));
      }
    }
    return events;
  }

  /** How many partitions the node leads that have a replica elsewhere. */
  static int leaderships(ClusterImage image, NodeId node) {
    return (int)
        image.topics().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .filter(entry -> entry.isLedBy(node) && entry.copies() > 1)
            .count();
  }

  // ---- how it goes on

  /**
   * What follows for the operations under way from events that have just happened.
   *
   * @param before the image before these events
   * @param image the one after them
   */
  static List<MetadataEvent> follow(
      ClusterImage before, ClusterImage image, List<MetadataEvent> events, long nowMillis) {
    if (events.isEmpty() || MoveRules.running(image).isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<>(events);
    var now = image;
    boolean goesOn = true;
    while (goesOn) { // what one has ended may let another one begin
      goesOn = false;
      for (var operation : MoveRules.running(now)) {
        var steps = new OperationSteps(before, now, all, operation, nowMillis).taken();
        now = SuspicionRules.evolved(now, steps);
        all.addAll(steps);
        goesOn |= !steps.isEmpty();
      }
    }
    return List.copyOf(all.subList(events.size(), all.size()));
  }
}
