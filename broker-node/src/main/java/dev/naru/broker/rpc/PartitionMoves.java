package dev.naru.broker.rpc;

import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.Applied;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.proto.admin.v1.PartitionPlacement;
import dev.naru.proto.admin.v1.ReassignPartitionsRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Moves partitions to other nodes. */
public final class PartitionMoves {

  private static final int REPLICAS_MAX = 1_000; // more nodes than a cluster has

  private static final Logger LOG = LogManager.getLogger(PartitionMoves.class);

  /** A node that is further behind is cut off; another one is asked. */
  private static final Duration BEHIND_MAX = Duration.ofSeconds(3);

  private final Supplier<ClusterSnapshot> cluster;
  private final LongFunction<CompletableFuture<Applied>> whenApplied;
  private final OperationStarter operations;

  /**
   * Moves them this way.
   *
   * @param whenApplied completes once this node has applied that entry of the metadata log
   */
  public PartitionMoves(
      Supplier<ClusterSnapshot> cluster,
      LongFunction<CompletableFuture<Applied>> whenApplied,
      OperationStarter operations) {
    this.cluster = cluster;
    this.whenApplied = whenApplied;
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
    awaitApplied(request.getMetadataIndex());
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
      elect(cluster.get().image(), placements);
    }
    return begun;
  }

  /** An older image than that of a plan would take a plan for good that is out of date. */
  private void awaitApplied(long index) {
    long here = cluster.get().index();
    if (index > here) {
      var _ =
          Deadlines.await(
              whenApplied.apply(index).orTimeout(BEHIND_MAX.toMillis(), TimeUnit.MILLISECONDS),
              _ ->
                  new Refused(
                      ErrorCode.REQUEST_TIMEOUT,
                      ("Expected entry %d of the metadata log, for which the plan was made, but"
                              + " this node is at %d; or the plan is one of another cluster")
                          .formatted(index, here)));
    }
  }

  /**
   * Those that have got another order by it: the others have replicas that are not in sync yet, or
   * wait. That they have begun stays so, whatever comes of the election.
   */
  private void elect(ClusterImage begun, List<Placement> placements) {
    var reordered =
        placements.stream()
            .filter(placement ->
                begun
                    .partition(placement.partition())
                    .filter(entry -> entry.move().isEmpty())
                    .filter(entry -> entry.goal().equals(placement.nodes()))
                    .filter(entry -> !entry.isLedBy(placement.nodes().getFirst()))
                    .isPresent())
            .map(Placement::partition)
            .toList();
    if (reordered.isEmpty()) {
      return;
    }
    try {
      var _ = operations.changed(new ElectLeaders(reordered, ElectionKind.PREFERRED), false);
    } catch (StatusRuntimeException e) {
      LOG.info("The order of {} changed, but no leaders were elected yet", reordered, e);
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
