package dev.naru.broker.rpc;

import dev.naru.metadata.image.NodeImage;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.types.ErrorCode;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Other nodes, which answer at once. Every partition has records 10 to 99, a second apart. */
final class FakePeers implements GroupPeers {

  static final long START = 10;
  static final long END = 100;

  final TreeMap<Integer, Function<AskCoordinatorRequest, AskCoordinatorResponse>> coordinators =
      new TreeMap<>();
  final List<Integer> asked = new ArrayList<>();

  /** Told of a partition instead of an offset. */
  final TreeMap<Integer, ErrorCode> refused = new TreeMap<>();

  @Override
  public CompletableFuture<AskCoordinatorResponse> ask(
      NodeImage node, AskCoordinatorRequest question, Duration limit) {
    int id = node.id().value();
    asked.add(id);
    var coordinator = coordinators.get(id);
    try {
      return coordinator == null
          ? CompletableFuture.failedFuture(
              io.grpc.Status.UNAVAILABLE.withDescription("io exception").asRuntimeException())
          : CompletableFuture.completedFuture(coordinator.apply(question));
    } catch (StatusRuntimeException why) {
      return CompletableFuture.failedFuture(why);
    }
  }

  @Override
  public CompletableFuture<List<OffsetAnswer>> findOffsets(
      NodeImage node, List<OffsetQuery> queries, Duration limit) {
    asked.add(node.id().value());
    return answers(queries);
  }

  CompletableFuture<List<OffsetAnswer>> answers(List<OffsetQuery> queries) {
    return CompletableFuture.completedFuture(queries.stream().map(this::answer).toList());
  }

  private OffsetAnswer answer(OffsetQuery query) {
    var why = refused.get(query.getPartition());
    if (why != null) {
      return OffsetAnswer.newBuilder()
          .setError(ProtoIds.code(why))
          .setErrorMessage("Expected more, but was less")
          .build();
    }
    var answer = OffsetAnswer.newBuilder().setError(ProtoIds.code(ErrorCode.NONE));
    switch (query.getPositionCase()) {
      case EARLIEST -> answer.setOffset(START);
      case LATEST -> answer.setOffset(END);
      case TIMESTAMP_MS -> {
        long at = Math.max(START, (query.getTimestampMs() + 999) / 1_000);
        if (at < END) {
          answer.setOffset(at);
        }
      }
      case POSITION_NOT_SET -> throw new AssertionError("Expected a position");
    }
    return answer.build();
  }
}
