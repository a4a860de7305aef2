package dev.naru.broker.peer;

import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.metadata.image.NodeImage;
import dev.naru.proto.internal.v1.LagServiceGrpc;
import dev.naru.proto.internal.v1.MeasureLagResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks leaders what lies behind positions, over connections of their own, which end with the
 * answer: there is something to ask every few seconds, and for an operator.
 */
public final class LagCalls {

  /** A leader reads a header for each position; one that takes longer has better things to do. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private final String clusterId;
  private final PeerChannels channels;
  private final LoopExecutor loop;

  /** Calls that are made on this event loop. */
  public LagCalls(String clusterId, PeerChannels channels, LoopExecutor loop) {
    this.clusterId = clusterId;
    this.channels = channels;
    this.loop = loop;
  }

  /**
   * One answer for each position, in their order; fails if the node does not answer in time. At
   * most {@value LagService#POSITIONS_MAX} positions.
   */
  public CompletableFuture<List<LagAnswer>> ask(NodeImage node, List<LagPosition> positions) {
    var answers = new CompletableFuture<List<LagAnswer>>();
    var channel = channels.open(node.internal(), loop);
    var _ = answers.whenComplete((_, _) -> channel.shutdownNow());
    LagServiceGrpc.newStub(channel)
        .withDeadlineAfter(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .measureLag(
            LagCodec.request(clusterId, node.id(), positions),
            new StreamObserver<>() {
              @Override
              public void onNext(MeasureLagResponse response) {
                try {
                  answers.complete(LagCodec.answers(positions.size(), response));
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
}
