package dev.naru.broker.peer;

import dev.naru.broker.rpc.GroupPeers;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.metadata.image.NodeImage;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.internal.v1.CoordinatorServiceGrpc;
import dev.naru.proto.internal.v1.FindOffsetsRequest;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks other nodes over the internal listener. */
public final class CoordinatorCalls implements GroupPeers {

  private final String clusterId;
  private final PeerChannels channels;
  private final LoopExecutor loop;

  /** Calls that are made on this event loop. */
  public CoordinatorCalls(String clusterId, PeerChannels channels, LoopExecutor loop) {
    this.clusterId = clusterId;
    this.channels = channels;
    this.loop = loop;
  }

  @Override
  public CompletableFuture<AskCoordinatorResponse> ask(
      NodeImage node, AskCoordinatorRequest question, Duration limit) {
    var addressed = question.toBuilder().setClusterId(clusterId).setNode(node.id().value()).build();
    return PeerCall.ask(
        channels,
        loop,
        node.internal(),
        CoordinatorServiceGrpc.getAskCoordinatorMethod(),
        addressed,
        limit);
  }

  @Override
  public CompletableFuture<List<OffsetAnswer>> findOffsets(
      NodeImage node, List<OffsetQuery> queries, Duration limit) {
    var request =
        FindOffsetsRequest.newBuilder()
            .setClusterId(clusterId)
            .setNode(node.id().value())
            .addAllQueries(queries)
            .build();
    return PeerCall.ask(
            channels,
            loop,
            node.internal(),
            CoordinatorServiceGrpc.getFindOffsetsMethod(),
            request,
            limit)
        .thenApply(response -> {
          if (response.getAnswersCount() != queries.size()) {
            throw new IllegalStateException(
                "Expected %d answers, but were %d"
                    .formatted(queries.size(), response.getAnswersCount()));
          }
          return response.getAnswersList();
        });
  }
}
