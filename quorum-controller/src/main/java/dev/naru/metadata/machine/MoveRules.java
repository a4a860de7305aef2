package dev.naru.metadata.machine;

import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/**
 * Rules about partitions that go to other nodes (step 22). When a move ends is no rule of its own:
 * {@link PartitionDraft#settled} asks at each change of an entry.
 */
final class MoveRules {

  /**
   * How many replicas a node gets at a time. More would share its disk and its links, and all be
   * there later; each is one replica more to follow while it lasts.
   */
  static final int ADDED_AT_ONCE_MAX = 20;

  private MoveRules() {}

  /** Why these partitions cannot go there; empty if all can, now or in their turn. */
  static Optional<Refused> whyNot(ClusterImage image, List<Placement> placements) {
    if (placements.size() > MetadataCommand.ENTRIES_MAX) {
      return refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s partitions, but were %s",
          MetadataCommand.ENTRIES_MAX,
          placements.size());
    }
    var underWay = underWay(image);
    var seen = new TreeSet<PartitionId>();
    for (var placement : placements) {
      if (!seen.add(placement.partition())) {
        return refused(
            ErrorCode.INVALID_REQUEST,
            "Expected each partition once, but %s was named again",
            image.nameOf(placement.partition()));
      }
      var why = whyNot(image, placement, underWay);
      if (why.isPresent()) {
        return why;
      }
    }
    return underWay.size() + placements.size() > MetadataCommand.ENTRIES_MAX
        ? refused(
            ErrorCode.LIMIT_EXCEEDED,
            "Expected at most %s partitions to move at a time, but %s do, and %s were to",
            MetadataCommand.ENTRIES_MAX,
            underWay.size(),
            placements.size())
        : Optional.empty();
  }

  /**
   * Which operation moves each partition, now or in its turn; one partition is moved by one. Looked
   * up once for a plan, which may be as long as all that is under way.
   */
  private static Map<PartitionId, UUID> underWay(ClusterImage image) {
    var underWay = new TreeMap<PartitionId, UUID>();
    for (var operation : running(image)) {
      operation.waiting().keySet().forEach(id -> underWay.put(id, operation.id()));
      operation.moving().forEach(id -> underWay.put(id, operation.id()));
    }
    return underWay;
  }

  private static Optional<Refused> whyNot(
      ClusterImage image, Placement placement, Map<PartitionId, UUID> underWay) {
    var found = image.partition(placement.partition());
    if (found.isEmpty()) {
      return refused(
          ErrorCode.PARTITION_NOT_FOUND,
          "Expected an existing partition, but there is no %s",
          image.nameOf(placement.partition()));
    }
    var entry = found.get();
    var name = image.nameOf(placement.partition());
    if (placement.nodes().size() != entry.copies()) {
      return refused(
          ErrorCode.INVALID_REPLICATION_FACTOR,
          "Expected %s replicas of %s, as it has, but were %s",
          entry.copies(),
          name,
          placement.nodes());
    }
    if (new TreeSet<>(placement.nodes()).size() != placement.nodes().size()) {
      return refused(
          ErrorCode.INVALID_REQUEST,
          "Expected each replica of %s on another node, but were %s",
          name,
          placement.nodes());
    }
    var operation = underWay.get(placement.partition());
    if (operation != null) {
      return refused(
          ErrorCode.REASSIGNMENT_IN_PROGRESS,
          "Expected %s to stay where it is, but operation %s moves it",
          name,
          operation);
    }
    return placement.nodes().stream()
        .filter(node -> entry.replicaOn(node).isEmpty())
        .flatMap(node -> whyNotOn(image, node, name).stream())
        .findFirst();
  }

  private static Optional<Refused> whyNotOn(ClusterImage image, NodeId id, String name) {
    var node = image.node(id);
    if (node.isEmpty()) {
      return refused(
          ErrorCode.NODE_NOT_FOUND, "Expected registered nodes for %s, but %s is not", name, id);
    }
    return node.get().isEligible() && node.get().isWanted()
        ? Optional.empty()
        : refused(
            ErrorCode.INELIGIBLE_REPLICA,
            "Expected nodes that serve and are not drained to get a replica of %s, but node %s is %s, intent %s",
            name,
            id,
            node.get().state(),
            node.get().intent());
  }

  /** The plan, without what is so already. */
  static TreePMap<PartitionId, List<NodeId>> plan(
      ClusterImage image, Collection<Placement> placements) {
    TreePMap<PartitionId, List<NodeId>> plan = TreePMap.empty();
    for (var placement : placements) {
      boolean isSo =
          image
              .partition(placement.partition())
              .filter(entry -> entry.replicaNodes().equals(placement.nodes()))
              .isPresent();
      plan = isSo ? plan : plan.plus(placement.partition(), placement.nodes());
    }
    return plan;
  }

  /**
   * The partitions whose moves may begin now, so that no node gets too much at a time; those that
   * wait for one node hold up no others. Looks at all that have yet to begin.
   */
  static List<PartitionId> next(ClusterImage image, OperationImage operation) {
    if (operation.waiting().isEmpty()) {
      return List.of();
    }
    var adding = adding(image);
    var next = new ArrayList<PartitionId>();
    for (var planned : operation.waiting().entrySet()) {
      var entry = image.partition(planned.getKey());
      if (entry.filter(known -> !known.hasLeader()).isPresent()) {
        continue; // there is nobody to copy from, and a new replica must not be taken for all
      }
      var there = entry.map(PartitionImage::replicaNodes);
      var added =
          planned.getValue().stream()
              .filter(node -> there.filter(nodes -> !nodes.contains(node)).isPresent())
              .toList();
      if (added.stream().allMatch(node -> adding.getOrDefault(node, 0) < ADDED_AT_ONCE_MAX)) {
        added.forEach(node -> adding.merge(node, 1, Integer::sum));
        next.add(planned.getKey());
      }
    }
    return next;
  }

  /** How many replicas each node is getting. */
  private static Map<NodeId, Integer> adding(ClusterImage image) {
    var adding = new TreeMap<NodeId, Integer>();
    for (var operation : running(image)) {
      for (var id : operation.moving()) {
        image
            .partition(id)
            .flatMap(PartitionImage::move)
            .ifPresent(move ->
                move.to().stream()
                    .filter(move::isAdding)
                    .forEach(node -> adding.merge(node, 1, Integer::sum)));
      }
    }
    return adding;
  }

  /** The partition's change by which its move begins, or is over at once. */
  static List<MetadataEvent> begun(
      ClusterImage image, PartitionId id, List<NodeId> to, OperationImage operation) {
    return change(
        image,
        id,
        draft -> draft.moving(new Move(draft.before().goal(), to, operation.id(), false)),
        PartitionCause.MOVE_BEGUN);
  }

  /** The changes by which all of its moves turn back, or are over at once. */
  static List<MetadataEvent> cancelled(ClusterImage image, OperationImage operation) {
    return operation.moving().stream()
        .flatMap(id ->
            change(image, id, PartitionDraft::movingBack, PartitionCause.MOVE_CANCELLED).stream())
        .toList();
  }

  private static List<MetadataEvent> change(
      ClusterImage image,
      PartitionId id,
      UnaryOperator<PartitionDraft> change,
      PartitionCause cause) {
    var entry = image.partition(id);
    return image
        .topic(id.topic())
        .filter(_ -> entry.isPresent())
        .map(topic ->
            PartitionSweep.settled(
                image, topic, id, change.apply(PartitionDraft.of(entry.orElseThrow())), cause))
        .orElse(List.of());
  }

  /** Whether the partition is still on its way by this operation. */
  static boolean isUnderWay(ClusterImage image, PartitionId id, OperationImage operation) {
    return image
        .partition(id)
        .flatMap(PartitionImage::move)
        .filter(move -> move.operation().equals(operation.id()))
        .isPresent();
  }

  static List<OperationImage> running(ClusterImage image) {
    return image.operations().values().stream().filter(OperationImage::isRunning).toList();
  }

  private static Optional<Refused> refused(ErrorCode code, String format, Object... values) {
    return Optional.of(new Refused(code, format.formatted(values)));
  }
}
