package dev.naru.broker.peer;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.rpc.ErrorStatus;
import dev.naru.broker.rpc.GroupAdmin;
import dev.naru.broker.transport.Permits;
import dev.naru.broker.transport.Permits.Permit;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.internal.v1.CoordinatorServiceGrpc.CoordinatorServiceImplBase;
import dev.naru.proto.internal.v1.FindOffsetsRequest;
import dev.naru.proto.internal.v1.FindOffsetsResponse;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers other nodes for the groups that are coordinated here, and about partitions that are led
 * here. Answers that have to wait for a commit do so on threads of their own.
 */
public final class CoordinatorService extends CoordinatorServiceImplBase {

  private static final Logger LOG = LogManager.getLogger(CoordinatorService.class);

  /** Questions that wait at once: people ask them, and a few tools. */
  private static final int WAITING_MAX = 200;

  private final String clusterId;
  private final NodeId self;
  private final Executor waiting;
  private final Permits questions = new Permits(WAITING_MAX);

  /** What a node that serves answers from. */
  private record Serving(
      Function<AskCoordinatorRequest, AskCoordinatorResponse> groups,
      Function<List<OffsetQuery>, CompletableFuture<List<OffsetAnswer>>> offsets) {}

  /** Set once, when this node serves; read by event loops. */
  private volatile @Nullable Serving serving;

  /**
   * Refuses until it {@linkplain #serve serves}.
   *
   * @param waiting a thread for each question that may wait
   */
  public CoordinatorService(String clusterId, NodeId self, Executor waiting) {
    this.clusterId = clusterId;
    this.self = self;
    this.waiting = waiting;
  }

  /**
   * From now on answers from these.
   *
   * @param groups may wait, and throws refusals
   * @param offsets one answer a query, in their order
   */
  public void serve(
      Function<AskCoordinatorRequest, AskCoordinatorResponse> groups,
      Function<List<OffsetQuery>, CompletableFuture<List<OffsetAnswer>>> offsets) {
    serving = new Serving(groups, offsets);
  }

  @Override
  public void askCoordinator(
      AskCoordinatorRequest request, StreamObserver<AskCoordinatorResponse> response) {
    var refused = check(request.getClusterId(), request.getNode());
    var now = serving;
    if (refused.isPresent() || now == null) {
      response.onError(ErrorStatus.of(refused.orElseGet(CoordinatorService::starting)));
      return;
    }
    var permit = questions.take();
    if (permit.isEmpty()) {
      response.onError(ErrorStatus.of(tooMany()));
      return;
    }
    var held = permit.get();
    try {
      waiting.execute(Context.current().wrap(() -> answer(now, request, response, held)));
    } catch (RejectedExecutionException stopping) {
      held.close();
      response.onError(ErrorStatus.of(starting()));
    }
  }

  private void answer(
      Serving now,
      AskCoordinatorRequest request,
      StreamObserver<AskCoordinatorResponse> response,
      Permit permit) {
    AskCoordinatorResponse answer;
    try (permit) {
      answer = now.groups().apply(request);
    } catch (StatusRuntimeException refused) {
      response.onError(refused);
      return;
    } catch (RuntimeException fault) {
      LOG.error(EventCode.INTERNAL_FAULT.marker(), "A question about groups failed", fault);
      response.onError(ErrorStatus.of(failed()));
      return;
    }
    response.onNext(answer);
    response.onCompleted();
  }

  /** Never waits: what is asked by time is read on threads for that. */
  @Override
  public void findOffsets(
      FindOffsetsRequest request, StreamObserver<FindOffsetsResponse> response) {
    var refused =
        check(request.getClusterId(), request.getNode())
            .or(() -> checkCount(request.getQueriesCount()));
    var now = serving;
    if (refused.isPresent() || now == null) {
      response.onError(ErrorStatus.of(refused.orElseGet(CoordinatorService::starting)));
      return;
    }
    var _ =
        now.offsets()
            .apply(request.getQueriesList())
            .whenComplete((answers, fault) -> {
              if (fault == null) {
                response.onNext(FindOffsetsResponse.newBuilder().addAllAnswers(answers).build());
                response.onCompleted();
              } else {
                LOG.error(EventCode.INTERNAL_FAULT.marker(), "A search for offsets failed", fault);
                response.onError(ErrorStatus.of(failed()));
              }
            });
  }

  private Optional<Refused> check(String cluster, int node) {
    return cluster.equals(clusterId) && node == self.value()
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.DIRECTORY_MISMATCH,
                "Expected a question to node %s of cluster %s, but it is for node %d of cluster %s"
                    .formatted(self, clusterId, node, cluster)));
  }

  private static Optional<Refused> checkCount(int queries) {
    return queries <= GroupAdmin.QUERIES_MAX
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most %d queries, but were %d"
                    .formatted(GroupAdmin.QUERIES_MAX, queries)));
  }

  private static Refused starting() {
    return new Refused(ErrorCode.NODE_STARTING, "Expected a node that serves, but it does not yet");
  }

  private static Refused tooMany() {
    return new Refused(
        ErrorCode.TOO_MANY_REQUESTS,
        "Expected at most %d questions about groups at once, but there are more"
            .formatted(WAITING_MAX));
  }

  private static Refused failed() {
    return new Refused(ErrorCode.INTERNAL, "This node failed to answer; its log says why");
  }
}
