package dev.naru.broker.rpc;

import com.google.protobuf.Timestamp;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.PartitionMove;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Operations as the admin API shows them. */
final class OperationCodec {

  private static final Pattern NAME =
      Pattern.compile("operations/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

  private OperationCodec() {}

  static String name(UUID id) {
    return "operations/" + id;
  }

  /** The id that this resource name names. */
  static Optional<UUID> idOf(String resourceName) {
    var name = NAME.matcher(resourceName);
    return name.matches() ? Optional.of(UUID.fromString(name.group(1))) : Optional.empty();
  }

  /** The one of zeros stands for none. */
  static boolean isAnId(UUID id) {
    return id.getMostSignificantBits() != 0 || id.getLeastSignificantBits() != 0;
  }

  /** Without what it moves. */
  static Operation brief(ClusterImage image, OperationImage operation) {
    return fields(image, operation).build();
  }

  /** With what is on its way now. */
  static Operation whole(ClusterImage image, OperationImage operation) {
    var message = fields(image, operation);
    for (var id : operation.moving()) {
      image.partition(id).ifPresent(entry -> message.addMoves(moving(image, id, entry)));
    }
    return message.build();
  }

  /** With all that is to move, as the answer to a call that only validates. */
  static Operation planned(ClusterImage before, ClusterImage after, OperationImage operation) {
    var message = fields(after, operation);
    before
        .partitionIds()
        .forEach(id -> {
          var entry = before.partition(id).orElseThrow();
          var to =
              Optional.ofNullable(operation.waiting().get(id))
                  .or(() -> after.partition(id).map(PartitionImage::goal))
                  .orElse(entry.goal());
          if (!to.equals(entry.goal())) {
            message.addMoves(move(after, id, entry, entry.goal(), to));
          }
        });
    return message.build();
  }

  private static Operation.Builder fields(ClusterImage image, OperationImage operation) {
    var message =
        Operation.newBuilder()
            .setName(name(operation.id()))
            .setKind(
                switch (operation.kind()) {
                  case DRAIN_NODE -> Operation.Kind.KIND_DRAIN_NODE;
                  case REASSIGN_PARTITIONS -> Operation.Kind.KIND_REASSIGN_PARTITIONS;
                  case DECOMMISSION_NODE -> Operation.Kind.KIND_DECOMMISSION_NODE;
                })
            .setState(
                switch (operation.state()) {
                  case RUNNING -> Operation.State.STATE_RUNNING;
                  case CANCELLING -> Operation.State.STATE_CANCELLING;
                  case DONE -> Operation.State.STATE_DONE;
                  case CANCELLED -> Operation.State.STATE_CANCELLED;
                })
            .setTarget(operation.node().map(node -> "nodes/" + node).orElse(""))
            .setCreateTime(time(operation.createdMillis()))
            .setDone(operation.done())
            .setTotal(operation.total())
            .setUnit(operation.kind() == OperationKind.DRAIN_NODE ? "leaderships" : "partitions")
            .setWaitsFor(OperationWaits.of(image, operation));
    operation.finishedMillis().ifPresent(ended -> message.setEndTime(time(ended)));
    operation.bytesPerSecond().ifPresent(message::setBytesPerSecond);
    return message;
  }

  private static Timestamp time(long millis) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(millis, 1000L))
        .setNanos((int) Math.floorMod(millis, 1000L) * 1_000_000)
        .build();
  }

  // ---- moves

  private static PartitionMove moving(ClusterImage image, PartitionId id, PartitionImage entry) {
    var from = entry.move().map(Move::from).orElseGet(entry::replicaNodes);
    return move(image, id, entry, from, entry.move().map(Move::to).orElse(from));
  }

  private static PartitionMove move(
      ClusterImage image,
      PartitionId id,
      PartitionImage entry,
      List<NodeId> from,
      List<NodeId> to) {
    return PartitionMove.newBuilder()
        .setTopic("topics/" + image.topic(id.topic()).map(TopicImage::name).orElse(""))
        .setPartition(id.partition())
        .addAllFrom(values(from))
        .addAllTo(values(to))
        .addAllIsr(values(entry.isr()))
        .build();
  }

  private static List<Integer> values(Collection<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).toList();
  }
}
