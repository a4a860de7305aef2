package dev.naru.broker.peer;

import dev.naru.broker.rpc.StoredData;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.controller.LogSurvey;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.proto.internal.v1.SurveyLogsResponse;
import dev.naru.proto.internal.v1.SurveyServiceGrpc;
import dev.naru.proto.internal.v1.SurveyStorageRequest;
import dev.naru.types.PartitionId;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks nodes over connections of their own, which end with the answer: there is something to ask
 * only after several nodes were lost at once.
 */
public final class SurveyCalls implements LogSurvey {

  /** A node answers from memory; one that does not is cut off, or paused. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  /** The same, of a long list: an operator waits for it. */
  private static final Duration STORAGE_ANSWER_MAX = Duration.ofSeconds(3);

  private final String clusterId;
  private final PeerChannels channels;
  private final LoopExecutor loop;

  /** Calls that are made on this event loop. */
  public SurveyCalls(String clusterId, PeerChannels channels, LoopExecutor loop) {
    this.clusterId = clusterId;
    this.channels = channels;
    this.loop = loop;
  }

  @Override
  public CompletableFuture<Map<PartitionId, LogAnswer>> ask(
      NodeImage node, List<LogQuestion> questions) {
    var answers = new CompletableFuture<Map<PartitionId, LogAnswer>>();
    var channel = channels.open(node.internal(), loop);
    var _ = answers.whenComplete((_, _) -> channel.shutdownNow());
    SurveyServiceGrpc.newStub(channel)
        .withDeadlineAfter(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .surveyLogs(
            SurveyCodec.request(clusterId, node.id(), questions),
            new StreamObserver<>() {
              @Override
              public void onNext(SurveyLogsResponse response) {
                try {
                  answers.complete(SurveyCodec.answers(node.id(), questions, response));
                } catch (IllegalArgumentException e) {
                  answers.completeExceptionally(e);
                }
              }

              @Override
              public void onError(Throwable fault) {
                answers.completeExceptionally(fault);
              }

              @Override
              public void onCompleted() {
                answers.completeExceptionally(
                    new IllegalStateException("Expected an answer, but the call ended without"));
              }
            });
    return answers;
  }

  /** How large the replicas on a node are; fails if it does not answer in time. */
  public CompletableFuture<StoredData> askStorage(NodeImage node) {
    return PeerCall.ask(
            channels,
            loop,
            node.internal(),
            SurveyServiceGrpc.getSurveyStorageMethod(),
            SurveyStorageRequest.newBuilder()
                .setClusterId(clusterId)
                .setNode(node.id().value())
                .build(),
            STORAGE_ANSWER_MAX)
        .thenApply(SurveyCodec::stored);
  }
}
