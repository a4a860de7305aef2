package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.LogStanding;
import dev.naru.broker.partition.PartitionInput.StandingAsked;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.rpc.ErrorStatus;
import dev.naru.log.disk.DiskSpace;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.metadata.liveness.RecoveryRounds;
import dev.naru.proto.internal.v1.SurveyLogsRequest;
import dev.naru.proto.internal.v1.SurveyLogsResponse;
import dev.naru.proto.internal.v1.SurveyServiceGrpc.SurveyServiceImplBase;
import dev.naru.proto.internal.v1.SurveyStorageRequest;
import dev.naru.proto.internal.v1.SurveyStorageResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the controller, or a node that an operator asks, what this node holds: of partitions
 * without a leader how far their logs reach, and of all how large they are. Never waits: each
 * partition answers in its own loop, and the last one sends the answer; sizes are known.
 */
public final class SurveyService extends SurveyServiceImplBase {

  private final String clusterId;
  private final NodeId self;

  /** What a registered node answers with. */
  private record Serving(
      LocalNode self, PartitionDirectory directory, Supplier<Optional<DiskSpace>> disks) {}

  /** Set once, when this node is registered; read by event loops. */
  private volatile @Nullable Serving serving;

  /** Refuses until it {@linkplain #serve serves}. */
  public SurveyService(String clusterId, NodeId self) {
    this.clusterId = clusterId;
    this.self = self;
  }

  /** From now on answers for these partitions, and disks that are so full together. */
  public void serve(
      LocalNode registered, PartitionDirectory directory, Supplier<Optional<DiskSpace>> disks) {
    serving = new Serving(registered, directory, disks);
  }

  @Override
  public void surveyStorage(
      SurveyStorageRequest request, StreamObserver<SurveyStorageResponse> response) {
    var refused = check(request.getClusterId(), request.getNode());
    var now = serving;
    if (refused.isPresent() || now == null) {
      response.onError(ErrorStatus.of(refused.orElseGet(SurveyService::starting)));
      return;
    }
    var sizes = new TreeMap<PartitionId, Long>();
    for (var seat : now.directory().seats()) {
      seat.view().ifPresent(view -> sizes.put(view.log().id(), view.log().bytes()));
    }
    response.onNext(SurveyCodec.storage(sizes, now.disks().get()));
    response.onCompleted();
  }

  @Override
  public void surveyLogs(SurveyLogsRequest request, StreamObserver<SurveyLogsResponse> response) {
    var refused = check(request);
    var now = serving;
    if (refused.isPresent() || now == null) {
      response.onError(ErrorStatus.of(refused.orElseGet(SurveyService::starting)));
      return;
    }
    var standings = new ArrayList<CompletableFuture<Optional<LogStanding>>>();
    for (var message : request.getQuestionsList()) {
      standings.add(
          SurveyCodec.question(message)
              .map(question -> ask(now.directory(), question))
              .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())));
    }
    var _ =
        CompletableFuture.allOf(standings.toArray(CompletableFuture[]::new))
            .whenComplete((_, _) -> {
              var answer = SurveyLogsResponse.newBuilder().setNodeEpoch(now.self().epoch().value());
              for (int i = 0; i < standings.size(); i++) {
                int question = i;
                standings
                    .get(i)
                    .join()
                    .ifPresent(
                        standing -> answer.addAnswers(SurveyCodec.found(question, standing)));
              }
              response.onNext(answer.build());
              response.onCompleted();
            });
  }

  /** Completed without an answer when nobody sits there to give one. */
  private static CompletableFuture<Optional<LogStanding>> ask(
      PartitionDirectory directory, LogQuestion question) {
    var standing = new CompletableFuture<Optional<LogStanding>>();
    directory
        .seat(question.partition())
        .ifPresentOrElse(
            seat ->
                seat.tell(
                    new StandingAsked(question.partitionEpoch(), standing::complete),
                    () -> standing.complete(Optional.empty())),
            () -> standing.complete(Optional.empty()));
    return standing;
  }

  private Optional<Refused> check(SurveyLogsRequest request) {
    return check(request.getClusterId(), request.getNode())
        .or(() ->
            request.getQuestionsCount() <= RecoveryRounds.PARTITIONS_MAX
                ? Optional.empty()
                : Optional.of(
                    new Refused(
                        ErrorCode.LIMIT_EXCEEDED,
                        "Expected at most %d questions, but were %d"
                            .formatted(
                                RecoveryRounds.PARTITIONS_MAX, request.getQuestionsCount()))));
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

  private static Refused starting() {
    return new Refused(
        ErrorCode.NODE_STARTING, "Expected a node that is registered, but it is starting");
  }
}
