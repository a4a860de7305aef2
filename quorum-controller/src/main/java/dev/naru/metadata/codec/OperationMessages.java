package dev.naru.metadata.codec;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.OperationState;
import dev.naru.proto.internal.v1.CancelOperationCommand;
import dev.naru.proto.internal.v1.DecommissionNodeCommand;
import dev.naru.proto.internal.v1.DrainNodeCommand;
import dev.naru.proto.internal.v1.MoveRecord;
import dev.naru.proto.internal.v1.NodeWish;
import dev.naru.proto.internal.v1.OperationRecord;
import dev.naru.proto.internal.v1.PlannedPlacement;
import dev.naru.proto.internal.v1.ReassignPartitionsCommand;
import dev.naru.proto.internal.v1.UndrainNodeCommand;
import dev.naru.proto.internal.v1.WorkKind;
import dev.naru.proto.internal.v1.WorkState;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Operations, intents and moves, in commands and in snapshots. */
final class OperationMessages {

  private OperationMessages() {}

  // ---- commands

  static DrainNodeCommand write(DrainNode command) {
    return DrainNodeCommand.newBuilder()
        .setOperationId(Values.write(command.operation()))
        .setNode(command.node().value())
        .build();
  }

  static DrainNode read(DrainNodeCommand command) {
    return new DrainNode(Values.read(command.getOperationId()), new NodeId(command.getNode()));
  }

  static UndrainNodeCommand write(UndrainNode command) {
    return UndrainNodeCommand.newBuilder().setNode(command.node().value()).build();
  }

  static UndrainNode read(UndrainNodeCommand command) {
    return new UndrainNode(new NodeId(command.getNode()));
  }

  static ReassignPartitionsCommand write(ReassignPartitions command) {
    var message =
        ReassignPartitionsCommand.newBuilder().setOperationId(Values.write(command.operation()));
    command
        .placements()
        .forEach(each -> message.addPlacements(placement(each.partition(), each.nodes())));
    command.bytesPerSecond().ifPresent(message::setBytesPerSecond);
    return message.build();
  }

  static ReassignPartitions read(ReassignPartitionsCommand command) {
    return new ReassignPartitions(
        Values.read(command.getOperationId()),
        command.getPlacementsList().stream()
            .map(
                each -> new Placement(Values.read(each.getPartition()), nodes(each.getNodesList())))
            .toList(),
        command.hasBytesPerSecond()
            ? OptionalLong.of(command.getBytesPerSecond())
            : OptionalLong.empty());
  }

  static CancelOperationCommand write(CancelOperation command) {
    return CancelOperationCommand.newBuilder()
        .setOperationId(Values.write(command.operation()))
        .build();
  }

  static CancelOperation read(CancelOperationCommand command) {
    return new CancelOperation(Values.read(command.getOperationId()));
  }

  static DecommissionNodeCommand write(DecommissionNode command) {
    var message =
        DecommissionNodeCommand.newBuilder()
            .setOperationId(Values.write(command.operation()))
            .setNode(command.node().value())
            .setPlacementSeed(command.placementSeed())
            .setGone(command.gone());
    command.bytesPerSecond().ifPresent(message::setBytesPerSecond);
    return message.build();
  }

  static DecommissionNode read(DecommissionNodeCommand command) {
    return new DecommissionNode(
        Values.read(command.getOperationId()),
        new NodeId(command.getNode()),
        command.getPlacementSeed(),
        command.hasBytesPerSecond()
            ? OptionalLong.of(command.getBytesPerSecond())
            : OptionalLong.empty(),
        command.getGone());
  }

  private static PlannedPlacement placement(PartitionId partition, List<NodeId> nodes) {
    return PlannedPlacement.newBuilder()
        .setPartition(Values.write(partition))
        .addAllNodes(values(nodes))
        .build();
  }

  // ---- snapshots

  static OperationRecord record(OperationImage operation) {
    var message =
        OperationRecord.newBuilder()
            .setOperationId(Values.write(operation.id()))
            .setKind(
                switch (operation.kind()) {
                  case DRAIN_NODE -> WorkKind.WORK_KIND_DRAIN_NODE;
                  case REASSIGN_PARTITIONS -> WorkKind.WORK_KIND_REASSIGN_PARTITIONS;
                  case DECOMMISSION_NODE -> WorkKind.WORK_KIND_DECOMMISSION_NODE;
                })
            .setState(
                switch (operation.state()) {
                  case RUNNING -> WorkState.WORK_STATE_RUNNING;
                  case CANCELLING -> WorkState.WORK_STATE_CANCELLING;
                  case DONE -> WorkState.WORK_STATE_DONE;
                  case CANCELLED -> WorkState.WORK_STATE_CANCELLED;
                })
            .setCreatedIndex(operation.createdIndex())
            .setCreatedMs(operation.createdMillis())
            .setTotal(operation.total())
            .setDone(operation.done())
            .setFingerprint(operation.fingerprint())
            .setWishBefore(wish(operation.intentBefore()));
    operation.node().ifPresent(node -> message.setNode(node.value()));
    operation.finishedMillis().ifPresent(message::setFinishedMs);
    operation.bytesPerSecond().ifPresent(message::setBytesPerSecond);
    operation.moving().forEach(id -> message.addMoving(Values.write(id)));
    return message.build();
  }

  static OperationImage operation(OperationRecord record) {
    return new OperationImage(
        Values.read(record.getOperationId()),
        switch (record.getKind()) {
          case WORK_KIND_DRAIN_NODE -> OperationKind.DRAIN_NODE;
          case WORK_KIND_REASSIGN_PARTITIONS -> OperationKind.REASSIGN_PARTITIONS;
          case WORK_KIND_DECOMMISSION_NODE -> OperationKind.DECOMMISSION_NODE;
          case WORK_KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw Values.unknown("kind of operation", record.getKind());
        },
        record.hasNode() ? Optional.of(new NodeId(record.getNode())) : Optional.empty(),
        switch (record.getState()) {
          case WORK_STATE_RUNNING -> OperationState.RUNNING;
          case WORK_STATE_CANCELLING -> OperationState.CANCELLING;
          case WORK_STATE_DONE -> OperationState.DONE;
          case WORK_STATE_CANCELLED -> OperationState.CANCELLED;
          case WORK_STATE_UNSPECIFIED, UNRECOGNIZED ->
              throw Values.unknown("state of an operation", record.getState());
        },
        record.getCreatedIndex(),
        record.getCreatedMs(),
        record.hasFinishedMs() ? OptionalLong.of(record.getFinishedMs()) : OptionalLong.empty(),
        record.getTotal(),
        record.getDone(),
        TreePMap.empty(),
        TreePSet.from(record.getMovingList().stream().map(Values::read).toList()),
        record.hasBytesPerSecond()
            ? OptionalLong.of(record.getBytesPerSecond())
            : OptionalLong.empty(),
        record.getFingerprint(),
        intent(record.getWishBefore()));
  }

  /** The moves that it has yet to begin, each a record of its own: they may be many. */
  static List<PlannedPlacement> waiting(OperationImage operation) {
    return operation.waiting().entrySet().stream()
        .map(each -> placement(each.getKey(), each.getValue()))
        .toList();
  }

  static OperationImage alsoWaiting(OperationImage operation, PlannedPlacement planned) {
    return operation.withMoves(
        operation
            .waiting()
            .plus(Values.read(planned.getPartition()), nodes(planned.getNodesList())),
        operation.moving());
  }

  static NodeWish wish(NodeIntent intent) {
    return switch (intent) {
      case NONE -> NodeWish.NODE_WISH_SERVE;
      case DRAIN -> NodeWish.NODE_WISH_DRAIN;
      case REMOVE -> NodeWish.NODE_WISH_REMOVE;
    };
  }

  static NodeIntent intent(NodeWish wish) {
    return switch (wish) {
      case NODE_WISH_SERVE, NODE_WISH_UNSPECIFIED -> NodeIntent.NONE; // as before there were any
      case NODE_WISH_DRAIN -> NodeIntent.DRAIN;
      case NODE_WISH_REMOVE -> NodeIntent.REMOVE;
      case UNRECOGNIZED -> throw Values.unknown("wish for a node", wish);
    };
  }

  static MoveRecord write(Move move) {
    return MoveRecord.newBuilder()
        .addAllFrom(values(move.from()))
        .addAllTo(values(move.to()))
        .setOperationId(Values.write(move.operation()))
        .setReverting(move.isReverting())
        .build();
  }

  static Move read(MoveRecord record) {
    return new Move(
        nodes(record.getFromList()),
        nodes(record.getToList()),
        Values.read(record.getOperationId()),
        record.getReverting());
  }

  private static List<Integer> values(List<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).toList();
  }

  private static List<NodeId> nodes(List<Integer> values) {
    return values.stream().map(NodeId::new).toList();
  }
}
