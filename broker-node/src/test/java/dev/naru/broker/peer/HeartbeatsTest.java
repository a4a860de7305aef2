package dev.naru.broker.peer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.broker.transport.RpcServer;
import dev.naru.controller.ControllerSettings;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceImplBase;
import dev.naru.proto.internal.v1.HeartbeatRequest;
import dev.naru.proto.internal.v1.HeartbeatResponse;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.testing.Eventually;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node's heartbeats, to controllers on real connections. */
class HeartbeatsTest {

  private static final NodeId SELF = new NodeId(1);
  private static final NodeId FIRST = new NodeId(2);
  private static final NodeId SECOND = new NodeId(3);
  private static final ControllerSettings SETTINGS =
      new ControllerSettings(ofSeconds(6), ofMillis(50));
  private static final Eventually SOON =
      Eventually.allowing("a third of the liveness timeout", ofSeconds(2));

  private final EventLoops loops =
      EventLoops.start(1, Thread.ofPlatform().daemon().name("test-peer").factory());
  private final KnownQuorum quorum = new KnownQuorum();
  private final List<RpcServer> servers = new ArrayList<>();

  @AfterEach
  void close() {
    servers.forEach(RpcServer::abort);
    loops.close();
  }

  /** As one that is paused: its connection stands, and nothing comes of what is sent. */
  @Test
  void leavesAControllerThatDoesNotAnswerForTheOneThatTookOver() throws Exception {
    var silent = new Controller(false);
    var successor = new Controller(true);
    quorum.node(FIRST, listen(silent));
    quorum.node(SECOND, listen(successor));
    quorum.controller(FIRST);
    try (var heartbeats = heartbeats()) {
      heartbeats.start();
      SOON.until("the first controller is told", () -> silent.heard.get() > 0);

      quorum.controller(SECOND);

      SOON.until("the second one is told", () -> successor.heard.get() > 0);
      SOON.until("and answers", () -> heartbeats.standing().isHeard());
      assertThat(heartbeats.standing().isFenced()).isFalse();
    }
  }

  @Test
  void staysWithAControllerThatAnswers() throws Exception {
    var controller = new Controller(true);
    quorum.node(FIRST, listen(controller));
    quorum.controller(FIRST);
    try (var heartbeats = heartbeats()) {
      heartbeats.start();

      SOON.until("several beats are heard", () -> controller.heard.get() > 20);
      assertThat(controller.streams).hasValue(1);
    }
  }

  /** A log that never rests: whenever an answer comes, the image has yet to reach what it names. */
  @Test
  void knowsHowOldItsImageIsThoughEveryAnswerIsAheadOfIt() throws Exception {
    var controller = new Controller(true);
    controller.committed =
        () -> {
          quorum.applied(controller.heard.get());
          return controller.heard.get() + 1L;
        };
    quorum.node(FIRST, listen(controller));
    quorum.controller(FIRST);
    try (var heartbeats = heartbeats()) {
      long begun = System.nanoTime();
      heartbeats.start();

      SOON.until(
          "the image is known to be newer than the start",
          () -> heartbeats.standing().currentNanos() - begun > 0);
    }
  }

  /** For so long another controller may have led and changed what the image says. */
  @Test
  void countsFromWhenTheControllerWasConfirmed() throws Exception {
    var controller = new Controller(true);
    controller.confirmedMillisAgo = 60_000;
    quorum.node(FIRST, listen(controller));
    quorum.controller(FIRST);
    try (var heartbeats = heartbeats()) {
      long begun = System.nanoTime();
      heartbeats.start();

      SOON.until("a beat is answered", () -> heartbeats.standing().isHeard());
      assertThat(heartbeats.standing().currentNanos()).isLessThan(begun - ofSeconds(30).toNanos());

      controller.confirmedMillisAgo = 0;
      SOON.until(
          "the image is known to be current again",
          () -> heartbeats.standing().currentNanos() - begun > 0);
      long known = heartbeats.standing().currentNanos();

      controller.confirmedMillisAgo = 60_000; // one that has just come to lead
      int heard = controller.heard.get();
      SOON.until("several more are answered", () -> controller.heard.get() > heard + 3);
      assertThat(heartbeats.standing().currentNanos()).isGreaterThanOrEqualTo(known);
    }
  }

  private Heartbeats heartbeats() {
    return new Heartbeats(
        new PeerNode("cluster", new LocalNode(SELF, new NodeEpoch(1)), new PeerChannels(1 << 20)),
        new ControllerFinder(quorum, () -> new CompletableFuture<>()),
        quorum::applied,
        List::of,
        loops.next(),
        SETTINGS,
        System::nanoTime,
        why -> {});
  }

  private HostPort listen(Controller controller) throws IOException {
    var server =
        RpcServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            loops,
            1 << 20,
            List.of(controller.bindService()),
            List.of(),
            Optional.empty());
    servers.add(server);
    return new HostPort("127.0.0.1", server.port());
  }

  private static final class Controller extends ControllerServiceImplBase {

    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger heard = new AtomicInteger();
    private final boolean answers;
    volatile LongSupplier committed = () -> 1;
    volatile long confirmedMillisAgo;

    Controller(boolean answers) {
      this.answers = answers;
    }

    @Override
    public StreamObserver<HeartbeatRequest> heartbeat(StreamObserver<HeartbeatResponse> responses) {
      streams.incrementAndGet();
      return new StreamObserver<>() {
        @Override
        public void onNext(HeartbeatRequest request) {
          heard.incrementAndGet();
          if (answers) {
            responses.onNext(
                HeartbeatResponse.newBuilder()
                    .setError(ErrorCode.ERROR_CODE_NONE)
                    .setCommittedIndex(committed.getAsLong())
                    .setConfirmedMillisAgo(confirmedMillisAgo)
                    .build());
          }
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }
  }
}
