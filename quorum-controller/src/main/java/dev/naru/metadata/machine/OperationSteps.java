package dev.naru.metadata.machine;

import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.ClusterConfigured;
import dev.naru.metadata.event.MetadataEvent.NodeRemoved;
import dev.naru.metadata.event.MetadataEvent.OperationChanged;
import dev.naru.metadata.event.MetadataEvent.PartitionChanged;
import dev.naru.metadata.event.MetadataEvent.TopicConfigured;
import dev.naru.metadata.event.MetadataEvent.TopicDeleted;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.OperationState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;

/** How far one operation gets by what has just happened. */
final class OperationSteps {

  private final ClusterImage before;
  private final List<MetadataEvent> happened;
  private final OperationImage known;
  private final long nowMillis;

  private final List<MetadataEvent> steps = new ArrayList<>();
  private ClusterImage image;
  private OperationImage operation;

  OperationSteps(
      ClusterImage before,
      ClusterImage image,
      List<MetadataEvent> happened,
      OperationImage operation,
      long nowMillis) {
    this.before = before;
    this.image = image;
    this.happened = happened;
    this.known = operation;
    this.operation = operation;
    this.nowMillis = nowMillis;
  }

  /** What follows; nothing if the operation is where it was. */
  List<MetadataEvent> taken() {
    if (operation.kind() == OperationKind.DRAIN_NODE) {
      drain(operation.node().orElseThrow());
    } else {
      move();
    }
    if (!operation.equals(known)) {
      steps.add(new OperationChanged(operation));
    }
    return steps;
  }

  // ---- drain

  /** Looks at all partitions, and so only when the node may lead less than before. */
  private void drain(NodeId node) {
    if (!isNew() && happened.stream().noneMatch(event -> mayRelieve(event, node))) {
      return;
    }
    int left = DrainRules.leaderships(image, node);
    operation = operation.withDone(Math.clamp(operation.total() - left, 0, operation.total()));
    if (left == 0) {
      operation = operation.withDone(operation.total()).finished(OperationState.DONE, nowMillis);
    }
  }

  private boolean mayRelieve(MetadataEvent event, NodeId node) {
    return switch (event) {
      case PartitionChanged(var id, _, _) ->
          before.partition(id).filter(entry -> entry.isLedBy(node)).isPresent();
      case TopicDeleted _, TopicConfigured _, ClusterConfigured _ -> true;
      default -> false;
    };
  }

  // ---- moves

  private void move() {
    dropGone();
    takeArrived();
    if (operation.state() == OperationState.RUNNING && mayBegin()) {
      while (beginNext()) {
        takeArrived(); // where nothing but the order changes, a move is over at once
      }
    }
    if (operation.isIdle()) {
      end();
    }
  }

  /** Looks at all that have yet to begin, and so only when one of them may be able to. */
  private boolean mayBegin() {
    return isNew() || happened.stream().anyMatch(this::mayLetBegin);
  }

  private boolean mayLetBegin(MetadataEvent event) {
    return switch (event) {
      case PartitionChanged(var id, var after, _) ->
          before
              .partition(id)
              .filter(was -> hasGoneOn(was, after) || (!was.hasLeader() && after.hasLeader()))
              .isPresent();
      case TopicDeleted _, TopicConfigured _, ClusterConfigured _ -> true;
      default -> false;
    };
  }

  private static boolean hasGoneOn(PartitionImage before, PartitionImage after) {
    return before.move().isPresent() && !before.move().equals(after.move());
  }

  private boolean isNew() {
    return before.operation(operation.id()).isEmpty();
  }

  /** Partitions of deleted topics that have not begun to move. */
  private void dropGone() {
    if (happened.stream().noneMatch(TopicDeleted.class::isInstance)) {
      return;
    }
    var gone =
        operation.waiting().keySet().stream().filter(id -> image.partition(id).isEmpty()).toList();
    operation =
        operation
            .withMoves(operation.waiting().minusAll(gone), operation.moving())
            .withDone(operation.done() + gone.size());
  }

  private void takeArrived() {
    var arrived =
        operation.moving().stream()
            .filter(id -> !MoveRules.isUnderWay(image, id, operation))
            .toList();
    boolean isCancelled = operation.state() == OperationState.CANCELLING;
    long done = arrived.stream().filter(id -> !isCancelled || isWhereItWasToGo(id)).count();
    operation =
        operation
            .withMoves(operation.waiting(), operation.moving().minusAll(arrived))
            .withDone(operation.done() + (int) done);
  }

  /** One that could not go back is done after all. */
  private boolean isWhereItWasToGo(PartitionId id) {
    var now = image.partition(id).map(PartitionImage::replicaNodes);
    return before.partition(id).flatMap(PartitionImage::move).map(Move::to).equals(now);
  }

  private boolean beginNext() {
    var next = MoveRules.next(image.withOperation(operation), operation);
    for (var id : next) {
      var to = operation.waiting().get(id);
      if (to != null) {
        var changes = MoveRules.begun(image, id, to, operation);
        steps.addAll(changes);
        image = SuspicionRules.evolved(image, changes);
      }
    }
    operation =
        operation.withMoves(operation.waiting().minusAll(next), operation.moving().plusAll(next));
    return !next.isEmpty();
  }

  private void end() {
    if (operation.state() == OperationState.CANCELLING) {
      operation = operation.finished(OperationState.CANCELLED, nowMillis);
    } else if (operation.kind() == OperationKind.REASSIGN_PARTITIONS) {
      operation = operation.finished(OperationState.DONE, nowMillis);
    } else {
      remove(operation.node().orElseThrow());
    }
  }

  /**
   * A node that has stopped, and holds nothing. One that is silent may live, and one that starts
   * does: nobody would be left to tell it that it is none any more.
   */
  private void remove(NodeId node) {
    boolean hasStopped = image.node(node).map(NodeImage::isGone).orElse(true);
    if (hasStopped && image.partitionsOn(node).findAny().isEmpty()) {
      steps.add(new NodeRemoved(node));
      operation = operation.finished(OperationState.DONE, nowMillis);
    }
  }
}
