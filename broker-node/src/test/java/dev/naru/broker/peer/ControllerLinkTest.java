package dev.naru.broker.peer;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.broker.transport.RpcServer;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceImplBase;
import dev.naru.proto.internal.v1.SubmitRequest;
import dev.naru.proto.internal.v1.SubmitResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** A node's way to the controller, and where it ends. */
class ControllerLinkTest {

  private static final NodeId SELF = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);

  private final EventLoops loops =
      EventLoops.start(1, Thread.ofPlatform().daemon().name("test-peer").factory());
  private final LoopExecutor loop = loops.next();
  private final KnownQuorum quorum = new KnownQuorum();
  private final ControllerLink link =
      new ControllerLink(
          "cluster",
          SELF,
          new ControllerFinder(quorum, () -> new CompletableFuture<>()),
          new PeerChannels(1 << 20),
          loop,
          System::nanoTime,
          () -> 0);

  @AfterEach
  void close() {
    link.close();
    loops.close();
  }

  @Test
  void refusesACommandThatNoLogWouldTakeWithoutSendingIt() {
    var command =
        new CreateTopic(
            TopicId.of(1, 1),
            "orders",
            Optional.empty(),
            Optional.empty(),
            TreePMap.singleton("retention.ms", "7".repeat(5 << 20)),
            1);

    var outcome = link.submit(command);

    assertThat(outcome).isDone();
    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            Outcome.NotAppended.class,
            refused -> {
              assertThat(refused.why().code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
              assertThat(refused.why().reason()).contains("1048576");
            });
  }

  /** A client that has waited longer than the node is told nothing but that time is over. */
  @Test
  void saysInTimeThatAControllerWithoutAQuorumDoesNotAnswer() throws Exception {
    var silent =
        new ControllerServiceImplBase() {
          @Override
          public void submit(SubmitRequest request, StreamObserver<SubmitResponse> response) {}
        };
    var server = serverOf(silent);
    quorum.node(TWO, new HostPort("127.0.0.1", server.port()));
    quorum.controller(TWO);
    var reply = new CompletableFuture<Outcome>();
    var submission =
        new Submission(
            SubmitRequest.getDefaultInstance(),
            reply,
            Optional.of(Duration.ofMillis(300)),
            new ControllerConnection(
                new ControllerFinder(quorum, () -> new CompletableFuture<>()),
                new PeerChannels(1 << 20),
                loop),
            loop,
            System::nanoTime);

    loop.execute(submission::tryOnce);

    assertThat(reply)
        .failsWithin(ofSeconds(4)) // a call may take 6 s where nobody waits
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .isInstanceOfSatisfying(
            OutcomeUnknownException.class,
            unknown -> {
              assertThat(unknown.why().code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST);
              assertThat(unknown.why().reason()).contains("Produce and consume go on");
            });
    server.abort();
  }

  private RpcServer serverOf(ControllerServiceImplBase controller) throws Exception {
    return RpcServer.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        loops,
        1 << 20,
        List.of(controller.bindService()),
        List.of(),
        Optional.empty());
  }
}
