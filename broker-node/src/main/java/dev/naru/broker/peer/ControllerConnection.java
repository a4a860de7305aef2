package dev.naru.broker.peer;

import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.proto.internal.v1.ControllerServiceGrpc;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceStub;
import dev.naru.types.HostPort;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection to whoever is the active controller now. A call that fails ends it, so that the
 * next one looks for the controller again and connects anew: gRPC itself would wait a second and
 * more before it tries again. Owned by one event loop, to which every answer is brought.
 */
final class ControllerConnection {

  private final ControllerFinder finder;
  private final PeerChannels channels;
  private final LoopExecutor loop;
  private @Nullable Open open;
  private boolean isClosed;

  private record Open(HostPort address, ManagedChannel channel) {}

  ControllerConnection(ControllerFinder finder, PeerChannels channels, LoopExecutor loop) {
    this.finder = finder;
    this.channels = channels;
    this.loop = loop;
  }

  /**
   * Calls the controller; false when none is known now.
   *
   * @param answered told what came, and from where
   * @param failed told that nothing came, and from where: whether the call arrived is not known
   */
  <Q, A> boolean call(
      Method<Q, A> method,
      Q request,
      Duration limit,
      BiConsumer<HostPort, A> answered,
      BiConsumer<HostPort, Throwable> failed) {
    var address = finder.find();
    if (isClosed || address.isEmpty()) {
      return false;
    }
    var stub =
        ControllerServiceGrpc.newStub(channelTo(address.get()))
            .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    method.call(stub, request, new Answer<>(address.get(), answered, failed));
    return true;
  }

  /** A unary method of the controller. */
  interface Method<Q, A> {
    void call(ControllerServiceStub stub, Q request, StreamObserver<A> answer);
  }

  private ManagedChannel channelTo(HostPort address) {
    var current = open;
    if (current != null && current.address().equals(address)) {
      return current.channel();
    }
    if (current != null) {
      current.channel().shutdown(); // lets calls under way end
    }
    var fresh = new Open(address, channels.open(address, loop));
    open = fresh;
    return fresh.channel();
  }

  /** The node at this address is not the controller. */
  void isElsewhere(HostPort address) {
    finder.doubt(address);
  }

  private void lost(HostPort address) {
    finder.doubt(address);
    var current = open;
    if (current != null && current.address().equals(address)) {
      current.channel().shutdown();
      open = null;
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Ends every call under way. */
  void close() {
    isClosed = true;
    var current = open;
    if (current != null) {
      current.channel().shutdownNow();
      open = null;
    }
  }

  private final class Answer<A> implements StreamObserver<A> {

    private final HostPort address;
    private final BiConsumer<HostPort, A> answered;
    private final BiConsumer<HostPort, Throwable> failed;

    Answer(
        HostPort address,
        BiConsumer<HostPort, A> answered,
        BiConsumer<HostPort, Throwable> failed) {
      this.address = address;
      this.answered = answered;
      this.failed = failed;
    }

    @Override
    public void onNext(A answer) {
      loop.execute(() -> answered.accept(address, answer));
    }

    @Override
    public void onError(Throwable fault) {
      loop.execute(() -> {
        lost(address);
        failed.accept(address, fault);
      });
    }

    @Override
    public void onCompleted() {}
  }
}
