package dev.naru.broker.peer;

import dev.naru.broker.transport.LoopExecutor;
import dev.naru.proto.internal.v1.ControllerServiceGrpc;
import dev.naru.proto.internal.v1.HeartbeatRequest;
import dev.naru.proto.internal.v1.HeartbeatResponse;
import dev.naru.types.HostPort;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One opening of the heartbeat stream, on a connection of its own that goes with it. A beat is sent
 * only when the last one was answered, so that beats never pile up behind a slow controller. Owned
 * by the event loop, to which its callbacks are brought.
 */
final class HeartbeatCall implements StreamObserver<HeartbeatResponse> {

  private final HostPort address;
  private final ManagedChannel channel;
  private final LoopExecutor loop;
  private final LongSupplier nanoClock;
  private final Supplier<HeartbeatRequest> beat;
  private final BiConsumer<HeartbeatCall, HeartbeatResponse> received;
  private final BiConsumer<HeartbeatCall, String> broke;
  private @Nullable StreamObserver<HeartbeatRequest> requests;
  private boolean isAnswered = true;
  private boolean isDue;
  private long sentNanos;

  private HeartbeatCall(
      HostPort address,
      ManagedChannel channel,
      LoopExecutor loop,
      LongSupplier nanoClock,
      Supplier<HeartbeatRequest> beat,
      BiConsumer<HeartbeatCall, HeartbeatResponse> received,
      BiConsumer<HeartbeatCall, String> broke) {
    this.address = address;
    this.channel = channel;
    this.loop = loop;
    this.nanoClock = nanoClock;
    this.beat = beat;
    this.received = received;
    this.broke = broke;
  }

  /** Opens a stream; what comes of it is told on the event loop. */
  static HeartbeatCall open(
      HostPort address,
      ManagedChannel channel,
      LoopExecutor loop,
      LongSupplier nanoClock,
      Supplier<HeartbeatRequest> beat,
      BiConsumer<HeartbeatCall, HeartbeatResponse> received,
      BiConsumer<HeartbeatCall, String> broke) {
    var call = new HeartbeatCall(address, channel, loop, nanoClock, beat, received, broke);
    call.requests = ControllerServiceGrpc.newStub(channel).heartbeat(call);
    return call;
  }

  HostPort address() {
    return address;
  }

  /** When the beat was sent that was answered last. */
  long sentNanos() {
    return sentNanos;
  }

  /** For how long the beat under way has gone without an answer; zero when none is under way. */
  long unansweredNanos() {
    return isAnswered ? 0 : nanoClock.getAsLong() - sentNanos;
  }

  /** Sends a beat, now or as soon as the last one is answered. */
  void send() {
    var open = requests;
    if (open == null || !isAnswered) {
      isDue = true;
      return;
    }
    isDue = false;
    isAnswered = false;
    sentNanos = nanoClock.getAsLong();
    open.onNext(beat.get());
  }

  /** Says that no more beats come. */
  void complete() {
    var open = requests;
    if (open != null) {
      open.onCompleted();
    }
  }

  /** Ends the connection. */
  void abort() {
    requests = null;
    channel.shutdownNow();
  }

  @Override
  public void onNext(HeartbeatResponse response) {
    loop.execute(() -> {
      isAnswered = true;
      received.accept(this, response);
      if (isDue) {
        send();
      }
    });
  }

  @Override
  public void onError(Throwable cause) {
    loop.execute(() -> broke.accept(this, String.valueOf(cause.getMessage())));
  }

  @Override
  public void onCompleted() {
    loop.execute(() -> broke.accept(this, "closed by the other side"));
  }
}
