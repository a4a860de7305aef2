package dev.naru.broker.peer;

import dev.naru.broker.rpc.ErrorStatus;
import dev.naru.broker.rpc.LagMeter;
import dev.naru.proto.internal.v1.LagServiceGrpc.LagServiceImplBase;
import dev.naru.proto.internal.v1.MeasureLagRequest;
import dev.naru.proto.internal.v1.MeasureLagResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells nodes that coordinate groups what lies behind their positions in partitions that this node
 * leads. Never waits: what has to be read is read elsewhere, and the last reader answers.
 */
public final class LagService extends LagServiceImplBase {

  /** In one question; half a MiB. */
  public static final int POSITIONS_MAX = 10_000;

  private final String clusterId;
  private final NodeId self;

  /** Set once, when this node has its partitions; read by event loops. */
  private volatile @Nullable LagMeter serving;

  /** Refuses until it {@linkplain #serve serves}. */
  public LagService(String clusterId, NodeId self) {
    this.clusterId = clusterId;
    this.self = self;
  }

  /** From now on answers by this. */
  public void serve(LagMeter meter) {
    serving = meter;
  }

  @Override
  public void measureLag(MeasureLagRequest request, StreamObserver<MeasureLagResponse> response) {
    var refused = check(request);
    var meter = serving;
    if (refused.isPresent() || meter == null) {
      response.onError(ErrorStatus.of(refused.orElseGet(LagService::starting)));
      return;
    }
    var positions =
        request.getQueriesList().stream()
            .flatMap(query -> LagCodec.position(query).stream())
            .toList();
    if (positions.size() < request.getQueriesCount()) {
      response.onError(
          ErrorStatus.of(
              new Refused(
                  ErrorCode.INVALID_REQUEST,
                  "Expected positions in partitions, but some cannot be any")));
      return;
    }
    var _ =
        meter
            .measure(positions)
            .thenAccept(answers -> {
              response.onNext(LagCodec.response(answers));
              response.onCompleted();
            });
  }

  private Optional<Refused> check(MeasureLagRequest request) {
    if (!request.getClusterId().equals(clusterId) || request.getNode() != self.value()) {
      return Optional.of(
          new Refused(
              ErrorCode.DIRECTORY_MISMATCH,
              "Expected a question to node %s of cluster %s, but it is for node %d of cluster %s"
                  .formatted(self, clusterId, request.getNode(), request.getClusterId())));
    }
    return request.getQueriesCount() <= POSITIONS_MAX
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %d positions, but were %d"
                    .formatted(POSITIONS_MAX, request.getQueriesCount())));
  }

  private static Refused starting() {
    return new Refused(
        ErrorCode.NODE_STARTING, "Expected a node that has its partitions, but it is starting");
  }
}
