package dev.naru.client.admin;

import com.google.protobuf.Timestamp;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.OperationDescription.Kind;
import dev.naru.client.admin.OperationDescription.State;
import dev.naru.proto.admin.v1.Operation;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** From the messages about operations to the records that applications see. */
final class OperationDescriptions {

  private static final String OPERATIONS = "operations/";
  private static final String NODES = "nodes/";

  private OperationDescriptions() {}

  static OperationDescription operation(Operation operation) {
    return new OperationDescription(
        UUID.fromString(operation.getName().substring(OPERATIONS.length())),
        kind(operation.getKind()),
        state(operation.getState()),
        operation.getTarget().startsWith(NODES)
            ? OptionalInt.of(Integer.parseInt(operation.getTarget().substring(NODES.length())))
            : OptionalInt.empty(),
        instant(operation.getCreateTime()),
        operation.hasEndTime() ? Optional.of(instant(operation.getEndTime())) : Optional.empty(),
        operation.getDone(),
        operation.getTotal(),
        operation.getUnit(),
        operation.getWaitsFor().isEmpty() ? Optional.empty() : Optional.of(operation.getWaitsFor()),
        operation.getMovesList().stream().map(OperationDescriptions::move).toList(),
        operation.hasBytesPerSecond()
            ? OptionalLong.of(operation.getBytesPerSecond())
            : OptionalLong.empty());
  }

  private static PartitionMove move(dev.naru.proto.admin.v1.PartitionMove move) {
    return new PartitionMove(
        new TopicPartition(Descriptions.topicOf(move.getTopic()), move.getPartition()),
        move.getFromList(),
        move.getToList(),
        move.getIsrList());
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static Kind kind(Operation.Kind kind) {
    return switch (kind) {
      case KIND_DRAIN_NODE -> Kind.DRAIN_NODE;
      case KIND_REASSIGN_PARTITIONS -> Kind.REASSIGN_PARTITIONS;
      case KIND_DECOMMISSION_NODE -> Kind.DECOMMISSION_NODE;
      case KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("Expected a known kind of operation, but was " + kind);
    };
  }

  private static State state(Operation.State state) {
    return switch (state) {
      case STATE_RUNNING -> State.RUNNING;
      case STATE_CANCELLING -> State.CANCELLING;
      case STATE_DONE -> State.DONE;
      case STATE_CANCELLED -> State.CANCELLED;
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "Expected a known state of an operation, but was " + state);
    };
  }
}
