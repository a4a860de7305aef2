package dev.naru.client.transport;

import dev.naru.client.core.LeaderHint;
import dev.naru.proto.v1.FetchPosition;
import dev.naru.proto.v1.FetchRequest;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.proto.v1.FetchedPartition;
import dev.naru.record.BatchBytes;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.wire.DataStream;
import dev.naru.wire.WithBatches;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One long-lived stream of questions and answers with one node. Owned by the consumer's thread; its
 * listener is called by the event loop. How much may come back is bounded by what was asked for.
 */
public final class FetchStream {

  /** Above a fetch's own bound: the first batch comes whole, and the largest one has 64 MiB. */
  private static final int MESSAGE_BYTES_MAX = (64 << 20) + (1 << 20);

  private final ClientCallStreamObserver<FetchRequest> call;

  private FetchStream(ClientCallStreamObserver<FetchRequest> call) {
    this.call = call;
  }

  /** Opens a stream. */
  public static FetchStream open(Channels channels, HostPort address, Listener listener) {
    var answers = new Answers(listener);
    DataStream.FETCH.open(
        channels.channel(Channels.Purpose.FETCH, address),
        CallOptions.DEFAULT.withMaxInboundMessageSize(MESSAGE_BYTES_MAX),
        answers);
    return new FetchStream(answers.call());
  }

  /** Asks. */
  public void send(Request request) {
    var message =
        FetchRequest.newBuilder()
            .setRequestId(request.requestId)
            .setMaxWaitMs(request.maxWaitMillis)
            .setMinBytes(request.minBytes)
            .setMaxBytes(request.maxBytes);
    for (var from : request.from) {
      message.addPositions(position(from));
    }
    call.onNext(message.build());
  }

  private static FetchPosition position(From from) {
    var position =
        FetchPosition.newBuilder()
            .setTopicId(Wire.uuid(from.partition.topic()))
            .setPartition(from.partition.partition())
            .setOffset(from.offset)
            .setLeaderEpoch(from.leaderEpoch.value())
            .setMaxBytes(from.maxBytes);
    from.lastEpoch.ifPresent(epoch -> position.setLastEpoch(epoch.value()));
    return position.build();
  }

  /** Breaks the stream; the listener hears of it as of any other break. */
  public void cancel(String why) {
    call.cancel(why, null);
  }

  /** Hears what comes back. Called by the event loop. */
  public interface Listener {

    /**
     * A message of an answer.
     *
     * @param part of one partition, if it carries one
     * @param isLast whether the answer is complete
     */
    void onMessage(long requestId, Optional<Part> part, boolean isLast);

    /** The stream is no more, and no more parts will come. */
    void onClosed(Refused why);
  }

  /** What to read. */
  public record Request(
      long requestId, int maxWaitMillis, int minBytes, int maxBytes, List<From> from) {}

  /** A position in one partition. */
  public record From(
      PartitionId partition,
      long offset,
      LeaderEpoch leaderEpoch,
      Optional<LeaderEpoch> lastEpoch,
      int maxBytes) {}

  /** One partition's part of an answer. */
  public record Part(
      PartitionId partition,
      Optional<Refused> refusal,
      long highWatermark,
      long logStart,
      OptionalLong divergingEnd,
      Optional<LeaderHint> leader,
      BatchBytes batches) {

    static Part of(FetchedPartition fetched, BatchBytes batches) {
      return new Part(
          new PartitionId(Wire.topicId(fetched.getTopicId()), fetched.getPartition()),
          Wire.refusal(fetched.getErrorValue(), fetched.getErrorMessage()),
          fetched.getHighWatermark(),
          fetched.getLogStart(),
          fetched.hasDivergingEnd()
              ? OptionalLong.of(fetched.getDivergingEnd())
              : OptionalLong.empty(),
          Wire.leaderHint(fetched.getLeader()),
          batches);
    }
  }

  private static final class Answers
      implements ClientResponseObserver<FetchRequest, WithBatches<FetchResponse>> {

    private final Listener listener;
    private @Nullable ClientCallStreamObserver<FetchRequest> call;

    Answers(Listener listener) {
      this.listener = listener;
    }

    ClientCallStreamObserver<FetchRequest> call() {
      if (call == null) {
        throw new IllegalStateException("Expected the call to be opened, but it is not");
      }
      return call;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchRequest> opened) {
      call = opened;
    }

    @Override
    public void onNext(WithBatches<FetchResponse> response) {
      var header = response.header();
      listener.onMessage(
          header.getRequestId(),
          header.hasPartition()
              ? Optional.of(Part.of(header.getPartition(), response.batches()))
              : Optional.empty(),
          header.getLast());
    }

    @Override
    public void onError(Throwable failure) {
      listener.onClosed(Statuses.refusal(failure));
    }

    @Override
    public void onCompleted() {
      listener.onClosed(Statuses.ended());
    }
  }
}
