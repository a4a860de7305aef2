package dev.naru.broker.rpc;

import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.PartitionPlacement;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.function.Supplier;

/** Moves partitions to other nodes. */
public final class PartitionMoves {

  private static final int REPLICAS_MAX = 1_000; // more nodes than a cluster has

  private final Supplier<ClusterSnapshot> cluster;
  private final OperationStarter operations;

  /** Moves them this way. */
  public PartitionMoves(Supplier<ClusterSnapshot> cluster, OperationStarter operations) {
    this.cluster = cluster;
    this.operations = operations;
  }

  Operation reassign(ReassignPartitionsRequest request) {
    if (request.getPlacementsCount() > MetadataCommand.ENTRIES_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d partitions, but were %d"
                  .formatted(MetadataCommand.ENTRIES_MAX, request.getPlacementsCount())));
    }
    var image = cluster.get().image();
    boolean isKnown =
        OperationCodec.idOf("operations/" + request.getRequestId())
            .flatMap(image::operation)
            .isPresent(); // then what it was planned for has changed by itself
    if (!isKnown) {
      PlanAge.refuse(image, request.getPlacementsList());
    }
    var placements =
        request.getPlacementsList().stream().map(each -> placement(image, each)).toList();
    var rate = OperationStarter.rate(request.hasBytesPerSecond(), request.getBytesPerSecond());
    var begun =
        operations.begin(
            request.getRequestId(),
            request.getValidateOnly(),
            id -> new ReassignPartitions(id, placements, rate));
    if (request.getElect() && !request.getValidateOnly()) {
      elect(image, placements);
    }
    return begun;
  }

  /** Those that only get another order: the others have replicas that are not in sync yet. */
  private void elect(ClusterImage image, List<Placement> placements) {
    var reordered =
        placements.stream()
            .filter(placement ->
                image
                    .partition(placement.partition())
                    .filter(entry -> entry.goal().containsAll(placement.nodes()))
                    .isPresent())
            .map(Placement::partition)
            .toList();
    if (!reordered.isEmpty()) {
      var _ = operations.changed(new ElectLeaders(reordered, ElectionKind.PREFERRED), false);
    }
  }

  private static Placement placement(ClusterImage image, PartitionPlacement asked) {
    if (asked.getPartition() < 0
        || asked.getNodesCount() > REPLICAS_MAX
        || asked.getNodesList().stream().anyMatch(node -> node < 0)) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected a partition >= 0 and at most %d nodes >= 0, but were %d and %s"
                  .formatted(REPLICAS_MAX, asked.getPartition(), asked.getNodesList())),
          "placements");
    }
    return new Placement(
        new PartitionId(NamedTopics.find(image, asked.getTopic()).id(), asked.getPartition()),
        asked.getNodesList().stream().map(NodeId::new).toList());
  }
}
