package dev.naru.client.transport;

import dev.naru.client.Acks;
import dev.naru.client.core.LeaderHint;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.record.BatchBytes;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
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
 * One long-lived stream of batches to one node. Owned by the loop; its listener is called by the
 * event loop.
 */
public final class ProduceStream {

  /**
   * Queued in gRPC beyond the socket: enough to keep the socket busy, and little to send again in
   * vain.
   */
  private static final int READY_BYTES = 512 << 10;

  private final ClientCallStreamObserver<WithBatches<ProduceRequest>> call;

  private ProduceStream(ClientCallStreamObserver<WithBatches<ProduceRequest>> call) {
    this.call = call;
  }

  /** Opens a stream. It is ready once {@link Listener#onReady} says so. */
  public static ProduceStream open(Channels channels, HostPort address, Listener listener) {
    var answers = new Answers(listener);
    DataStream.PRODUCE.open(
        channels.channel(Channels.Purpose.PRODUCE, address),
        CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES),
        answers);
    return new ProduceStream(answers.call());
  }

  /** Whether a batch would leave soon. While not, more batches would only fill memory. */
  public boolean isReady() {
    return call.isReady();
  }

  /**
   * Sends a batch; whether it arrived only an answer says. On a stream that is ready gRPC has
   * copied the batch when this returns: its memory may be used again.
   */
  public void send(Request request) {
    var header =
        ProduceRequest.newBuilder()
            .setRequestId(request.requestId)
            .setTopicId(Wire.uuid(request.topic))
            .setPartition(request.partition)
            .setLeaderEpoch(request.leaderEpoch.value())
            .setAcks(acks(request.acks))
            .setTimeoutMs(request.timeoutMillis)
            .setAttempt(request.attempt)
            .build();
    call.onNext(new WithBatches<>(header, request.batch));
  }

  private static dev.naru.proto.v1.Acks acks(Acks acks) {
    return switch (acks) {
      case NONE -> dev.naru.proto.v1.Acks.ACKS_NONE;
      case LEADER -> dev.naru.proto.v1.Acks.ACKS_LEADER;
      case ALL -> dev.naru.proto.v1.Acks.ACKS_ALL;
    };
  }

  /** Breaks the stream; the listener hears of it as of any other break. */
  public void cancel(String why) {
    call.cancel(why, null);
  }

  /** Hears what comes back. Called by the event loop. */
  public interface Listener {

    /** Some batches were taken or refused. */
    void onAnswers(List<Answer> answers);

    /** There is room again. */
    void onReady();

    /** The stream is no more; batches without an answer may have been taken. */
    void onClosed(Refused why);
  }

  /** One batch for one partition. */
  public record Request(
      long requestId,
      TopicId topic,
      int partition,
      LeaderEpoch leaderEpoch,
      Acks acks,
      int timeoutMillis,
      int attempt,
      BatchBytes batch) {}

  /**
   * What became of one batch.
   *
   * @param isUnappended whether the leader says that it has appended nothing on account of this
   *     request; otherwise a batch that it refused may be stored
   */
  public record Answer(
      long requestId,
      Optional<Refused> refusal,
      boolean isUnappended,
      long baseOffset,
      OptionalLong logAppendTimeMillis,
      Optional<LeaderHint> leader) {

    static Answer of(ProduceResult result) {
      return new Answer(
          result.getRequestId(),
          Wire.refusal(result.getErrorValue(), result.getErrorMessage()),
          result.getNotAppended(),
          result.getBaseOffset(),
          result.hasLogAppendTimeMs()
              ? OptionalLong.of(result.getLogAppendTimeMs())
              : OptionalLong.empty(),
          Wire.leaderHint(result.getLeader()));
    }
  }

  private static final class Answers
      implements ClientResponseObserver<WithBatches<ProduceRequest>, ProduceResponse> {

    private final Listener listener;
    private @Nullable ClientCallStreamObserver<WithBatches<ProduceRequest>> call;

    Answers(Listener listener) {
      this.listener = listener;
    }

    ClientCallStreamObserver<WithBatches<ProduceRequest>> call() {
      if (call == null) {
        throw new IllegalStateException("Expected the call to be opened, but it is not");
      }
      return call;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WithBatches<ProduceRequest>> opened) {
      call = opened;
      opened.setOnReadyHandler(listener::onReady);
    }

    @Override
    public void onNext(ProduceResponse response) {
      listener.onAnswers(response.getResultsList().stream().map(Answer::of).toList());
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
