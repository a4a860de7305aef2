package dev.naru.client.fake;

import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.FetchPosition;
import dev.naru.proto.v1.FetchRequest;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.proto.v1.FetchedPartition;
import dev.naru.record.BatchBytes;
import dev.naru.types.TopicId;
import dev.naru.wire.WithBatches;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One fetch stream: answers at once when there is enough, else when there is or the wait is over.
 */
final class FakeFetch implements StreamObserver<FetchRequest> {

  private static final long LOOK_AGAIN_MILLIS = 2;

  private final FakeCluster cluster;
  private final FakeNode node;
  private final StreamObserver<WithBatches<FetchResponse>> answers;
  private volatile boolean isClosed; // set by the event loop, read by the timer

  FakeFetch(
      FakeCluster cluster, FakeNode node, StreamObserver<WithBatches<FetchResponse>> answers) {
    this.cluster = cluster;
    this.node = node;
    this.answers = answers;
    cluster.calls.add("Fetch@" + node.id());
  }

  @Override
  public void onNext(FetchRequest request) {
    cluster.fetchCalls.incrementAndGet();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.getMaxWaitMs());
    look(request, deadline);
  }

  private void look(FetchRequest request, long deadlineNanos) {
    if (isClosed || node.hangs()) {
      return;
    }
    var parts = new ArrayList<WithBatches<FetchResponse>>();
    int size = 0;
    boolean hasError = false;
    for (var position : request.getPositionsList()) {
      var part = read(request, position, request.getMaxBytes() - size);
      size += part.batches().size();
      hasError |= part.header().getPartition().getError() != ErrorCode.ERROR_CODE_NONE;
      parts.add(part);
    }
    if (size >= request.getMinBytes() || hasError || System.nanoTime() - deadlineNanos >= 0) {
      answer(request, parts);
    } else {
      cluster.later(LOOK_AGAIN_MILLIS, () -> look(request, deadlineNanos));
    }
  }

  private WithBatches<FetchResponse> read(
      FetchRequest request, FetchPosition position, int bytesLeft) {
    var fetched =
        FetchedPartition.newBuilder()
            .setTopicId(position.getTopicId())
            .setPartition(position.getPartition());
    var id = TopicId.of(position.getTopicId().getHigh(), position.getTopicId().getLow());
    var found = cluster.partition(id, position.getPartition());
    if (found.isEmpty()) {
      return part(request, fetched.setError(ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND));
    }
    var partition = found.get();
    fetched.setHighWatermark(partition.end()).setLogStart(partition.start());
    if (node.hasLostItsDisk()) {
      return part(request, fetched.setError(ErrorCode.ERROR_CODE_STORAGE_FAILED));
    }
    if (partition.leader().isEmpty() || partition.leader().getAsInt() != node.id()) {
      return part(request, fetched.setError(ErrorCode.ERROR_CODE_NOT_LEADER));
    }
    if (position.hasLastEpoch()) {
      var diverging = partition.divergingEnd(position.getLastEpoch(), position.getOffset());
      if (diverging.isPresent()) {
        return part(
            request,
            fetched
                .setError(ErrorCode.ERROR_CODE_DATA_LOST)
                .setDivergingEnd(diverging.getAsLong()));
      }
    }
    if (position.getOffset() < partition.start() || position.getOffset() > partition.end()) {
      return part(request, fetched.setError(ErrorCode.ERROR_CODE_OFFSET_OUT_OF_RANGE));
    }
    fetched.setError(ErrorCode.ERROR_CODE_NONE);
    var batches =
        bytesLeft > 0
            ? partition.read(position.getOffset(), Math.min(position.getMaxBytes(), bytesLeft))
            : BatchBytes.EMPTY;
    return new WithBatches<>(
        FetchResponse.newBuilder()
            .setRequestId(request.getRequestId())
            .setPartition(fetched)
            .build(),
        batches);
  }

  private static WithBatches<FetchResponse> part(
      FetchRequest request, FetchedPartition.Builder fetched) {
    return WithBatches.none(
        FetchResponse.newBuilder()
            .setRequestId(request.getRequestId())
            .setPartition(fetched)
            .build());
  }

  private void answer(FetchRequest request, List<WithBatches<FetchResponse>> parts) {
    synchronized (answers) { // the timer and the event loop both answer
      if (isClosed) {
        return;
      }
      parts.forEach(answers::onNext);
      answers.onNext(
          WithBatches.none(
              FetchResponse.newBuilder()
                  .setRequestId(request.getRequestId())
                  .setLast(true)
                  .build()));
    }
  }

  @Override
  public void onError(Throwable failure) {
    isClosed = true;
  }

  @Override
  public void onCompleted() {
    isClosed = true;
    answers.onCompleted();
  }
}
