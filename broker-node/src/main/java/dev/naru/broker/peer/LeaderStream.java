package dev.naru.broker.peer;

import dev.naru.broker.rpc.ReadyThreshold;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.proto.internal.v1.FollowerMessage;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.wire.DataStream;
import dev.naru.wire.WithBatches;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One opening of the stream to a leader, on a connection of its own that goes with it. Its
 * callbacks are brought to the event loop that owns it. Messages are asked of the transport while
 * there is room for more {@link UnreadBytes}.
 */
final class LeaderStream
    implements ClientResponseObserver<FollowerMessage, WithBatches<LeaderMessage>> {

  /** Messages asked for ahead: enough to keep a leader sending between two looks. */
  private static final int REQUESTED_MAX = 16;

  private final ManagedChannel channel;
  private final LoopExecutor loop;
  private final UnreadBytes unread;
  private final BiConsumer<LeaderStream, WithBatches<LeaderMessage>> received;
  private final BiConsumer<LeaderStream, Status> broke;
  private @Nullable ClientCallStreamObserver<FollowerMessage> call;
  private int requested = REQUESTED_MAX;

  private LeaderStream(
      ManagedChannel channel,
      LoopExecutor loop,
      UnreadBytes unread,
      BiConsumer<LeaderStream, WithBatches<LeaderMessage>> received,
      BiConsumer<LeaderStream, Status> broke) {
    this.channel = channel;
    this.loop = loop;
    this.unread = unread;
    this.received = received;
    this.broke = broke;
  }

  /**
   * Opens a stream; what comes of it is told on the event loop.
   *
   * @param replicate receives into the memory of this node
   * @param unread batches that were received and are not yet dealt with
   */
  static LeaderStream open(
      DataStream<FollowerMessage, WithBatches<LeaderMessage>> replicate,
      ManagedChannel channel,
      LoopExecutor loop,
      UnreadBytes unread,
      BiConsumer<LeaderStream, WithBatches<LeaderMessage>> received,
      BiConsumer<LeaderStream, Status> broke) {
    var stream = new LeaderStream(channel, loop, unread, received, broke);
    replicate.open(channel, CallOptions.DEFAULT.withOnReadyThreshold(ReadyThreshold.BYTES), stream);
    return stream;
  }

  /** Sends at once or when the connection stands. */
  void send(FollowerMessage message) {
    var open = call;
    if (open != null) {
      open.onNext(message);
    }
  }

  /** Lets the leader send more, when there is room. */
  void askForMore() {
    var open = call;
    if (open != null && requested < REQUESTED_MAX && unread.hasRoom()) {
      open.request(REQUESTED_MAX - requested);
      requested = REQUESTED_MAX;
    }
  }

  /** Says that nothing more will be sent. */
  void complete() {
    var open = call;
    if (open != null) {
      open.onCompleted();
    }
  }

  /** Ends the connection. */
  void abort() {
    call = null;
    channel.shutdownNow();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<FollowerMessage> stream) {
    call = stream;
    stream.disableAutoRequestWithInitial(REQUESTED_MAX);
  }

  @Override
  public void onNext(WithBatches<LeaderMessage> message) {
    loop.execute(() -> {
      requested--;
      try {
        received.accept(this, message);
      } finally {
        message.batches().release();
      }
      askForMore();
    });
  }

  @Override
  public void onError(Throwable cause) {
    loop.execute(() -> broke.accept(this, Status.fromThrowable(cause)));
  }

  @Override
  public void onCompleted() {
    loop.execute(() -> broke.accept(this, Status.OK.withDescription("closed by the other side")));
  }
}
