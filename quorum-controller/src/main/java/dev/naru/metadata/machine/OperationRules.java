package dev.naru.metadata.machine;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.NodeSaidToBeGone;
import dev.naru.metadata.event.MetadataEvent.OperationChanged;
import dev.naru.metadata.event.MetadataEvent.OperationForgotten;
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

  /** A leader reads a mebibyte at a time; whoever asks for less a second has mixed up the units. */
  static final long BYTES_PER_SECOND_MIN = 1 << 20;

  /**
   * By the clocks of those who submit: nothing depends on it but what is remembered, and with it
   * whether a request that is sent again is known.
   */
  static final Duration REMEMBERED = Duration.ofDays(7);

  private OperationRules() {}

  // ---- what is asked

  static Decision reassign(
      ClusterImage image, ReassignPartitions command, long index, long nowMillis) {
    long print = Fingerprint.of(command);
    var known = whyNotNew(image, command.operation(), print, Optional.empty());
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
            OperationKind.REASSIGN_PARTITIONS,
            Optional.empty(),
            index,
            nowMillis,
            command.bytesPerSecond(),
            print,
            NodeIntent.NONE);
    return planned(image, begun, command.placements(), List.of(), nowMillis);
  }

  static Decision decommission(
      ClusterImage image, DecommissionNode command, long index, long nowMillis) {
    var id = command.node();
    long print = Fingerprint.of(command);
    var known = whyNotNew(image, command.operation(), print, Optional.of(id));
    if (known.isPresent()) {
      return known.get();
    }
    var intent = image.node(id).map(NodeImage::intent).orElse(NodeIntent.NONE);
    if (intent == NodeIntent.REMOVE && !command.gone()) {
      return leavingForGood(id);
    }
    if (command.gone() && image.node(id).filter(NodeRules::mayBeGone).isEmpty()) {
      return Decision.refused(
          ErrorCode.INVALID_REQUEST,
          "Expected a node that is fenced to be said to be gone, but node %s is %s: stop it, or decommission it as one that is there"
              .formatted(id, image.node(id).map(NodeImage::state).orElseThrow()));
    }
    if (intent == NodeIntent.REMOVE) { // only that was left to be known of it
      return new Decision.Accepted(List.of(new NodeSaidToBeGone(id)));
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
              .or(() -> whyNotThatMany(id, placements.size()))
              .or(() -> MoveRules.whyNot(image, placements))
              .<Decision>map(Decision.Refusal::new)
              .orElseGet(() ->
                  planned(
                      image,
                      OperationImage.begun(
                          command.operation(),
                          OperationKind.DECOMMISSION_NODE,
                          Optional.of(id),
                          index,
                          nowMillis,
                          command.bytesPerSecond(),
                          print,
                          intent),
                      placements,
                      leaving(image, command, nowMillis),
                      nowMillis));
    };
  }

  /**
   * That a node is fenced tells only that it was not heard for some seconds: it may be paused, cut
   * off or on its way back, and must not be forgotten as long as it may believe to be a node. So
   * its process counts as gone if it has said so itself, if its port refuses connections, for which
   * the controller probes it from now on, or if the operator says so, who alone can know it of a
   * machine that is lost.
   */
  private static List<MetadataEvent> leaving(
      ClusterImage image, DecommissionNode command, long nowMillis) {
    var events = new ArrayList<MetadataEvent>();
    if (command.gone()) {
      events.add(new NodeSaidToBeGone(command.node()));
    }
    events.addAll(DrainRules.intended(image, command.node(), NodeIntent.REMOVE, nowMillis));
    return events;
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
        .ifPresent(node ->
            events.addAll(DrainRules.intended(image, node, operation.intentBefore(), nowMillis)));
    if (operation.kind() == OperationKind.DRAIN_NODE) {
      if (events.isEmpty()) { // the node is wanted in another way by now
        events.add(new OperationChanged(operation.finished(OperationState.CANCELLED, nowMillis)));
      }
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
  static Optional<Decision> whyNotNew(
      ClusterImage image, UUID id, long fingerprint, Optional<NodeId> node) {
    var known = image.operation(id);
    if (known.isPresent()) {
      boolean isSame = known.get().fingerprint() == fingerprint;
      return Optional.of(
          isSame
              ? Decision.accepted()
              : Decision.refused(
                  ErrorCode.INVALID_REQUEST,
                  "Expected a request id that was never used, but operation %s does something else"
                      .formatted(id)));
    }
    if (node.isPresent() && image.node(node.get()).isEmpty()) {
      return Optional.of(notRegistered(node.get()));
    }
    return MoveRules.running(image).size() >= REMEMBERED_MAX
        ? Optional.of(
            Decision.refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %s operations at a time, but so many have not ended"
                    .formatted(REMEMBERED_MAX)))
        : Optional.empty();
  }

  private static Optional<Refused> whyNotThatMany(NodeId node, int replicas) {
    return replicas <= MetadataCommand.ENTRIES_MAX
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %s replicas on node %s, but it has %s: move some with 'naru partitions reassign' first"
                    .formatted(MetadataCommand.ENTRIES_MAX, node, replicas)));
  }

  private static Optional<Refused> whyNotThatFast(OptionalLong bytesPerSecond) {
    return bytesPerSecond.orElse(BYTES_PER_SECOND_MIN) >= BYTES_PER_SECOND_MIN
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INVALID_REQUEST,
                "Expected at least %s bytes a second, but were %s"
                    .formatted(BYTES_PER_SECOND_MIN, bytesPerSecond.getAsLong())));
  }

  private static boolean isGivingTo(ClusterImage image, OperationImage operation, NodeId node) {
    return operation.waiting().values().stream().anyMatch(nodes -> nodes.contains(node))
        || operation.moving().stream()
            .flatMap(id -> image.partition(id).stream())
            .flatMap(entry -> entry.move().stream())
            .anyMatch(move -> move.isAdding(node));
  }

  static Decision notRegistered(NodeId id) {
    return Decision.refused(
        ErrorCode.NODE_NOT_FOUND,
        "Expected a registered node, but node " + id + " is not registered");
  }

  static Decision leavingForGood(NodeId id) {
    return Decision.refused(
        ErrorCode.REASSIGNMENT_IN_PROGRESS,
        "Expected a node that is to stay, but node %s is being decommissioned; cancel that operation first"
            .formatted(id));
  }

  /** Those that ended long ago; and the one that ended first, when there are too many. */
  static List<MetadataEvent> forgotten(ClusterImage image, long nowMillis) {
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
