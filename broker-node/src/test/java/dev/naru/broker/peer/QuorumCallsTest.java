package dev.naru.broker.peer;

import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_INELIGIBLE_REPLICA;
import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_INVALID_CONFIG;
import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_METADATA_QUORUM_LOST;
import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_NODE_ID_IN_USE;
import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_NONE;
import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_REQUEST_TIMEOUT;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.broker.transport.RpcServer;
import dev.naru.metadata.log.Joiner;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.proto.internal.v1.ChangeQuorumVotersRequest;
import dev.naru.proto.internal.v1.ChangeQuorumVotersResponse;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceImplBase;
import dev.naru.proto.internal.v1.JoinQuorumRequest;
import dev.naru.proto.internal.v1.JoinQuorumResponse;
import dev.naru.proto.v1.Uuid;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** What a node asks about who is in the metadata quorum. */
class QuorumCallsTest {

  private static final NodeId SELF = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final Joiner JOINER =
      new Joiner(
          new QuorumMember(SELF, "1", new HostPort("127.0.0.1", 9_412)),
          Optional.empty(),
          List.of(new UUID(3, 1)));
  private static final Eventually SOON = Eventually.allowing("a few calls", ofSeconds(1));

  private final EventLoops loops =
      EventLoops.start(1, Thread.ofPlatform().daemon().name("test-peer").factory());
  private final LoopExecutor loop = loops.next();
  private final KnownQuorum quorum = new KnownQuorum();
  private final ControllerConnection connection =
      new ControllerConnection(
          new ControllerFinder(quorum, () -> new CompletableFuture<>()),
          new PeerChannels(1 << 20),
          loop);
  private final AtomicLong passed = new AtomicLong();
  private final QuorumCalls calls =
      new QuorumCalls("cluster", connection, loop, () -> System.nanoTime() + passed.get());

  @AfterEach
  void close() {
    loop.execute(connection::close);
    loops.close();
  }

  /** As one that has moved to another address: an hour of asking would not change the answer. */
  @Test
  void endsTheWishToJoinTheQuorumWhenItIsRefusedForGood() throws Exception {
    var answers =
        new ArrayDeque<>(
            List.of(ERROR_CODE_REQUEST_TIMEOUT, ERROR_CODE_INVALID_CONFIG, ERROR_CODE_NONE));
    var controller = answering(answers, new ConcurrentLinkedQueue<>());
    var server = serverOf(controller);
    quorum.node(TWO, new HostPort("127.0.0.1", server.port()));
    quorum.controller(TWO);

    var joined = calls.join(JOINER, ofSeconds(60));

    SOON.until("it is answered", joined::isDone);
    assertThat(joined.join()).contains(new Refused(ErrorCode.INVALID_CONFIG, "Expected x, but y"));
    server.abort();
  }

  /** As one that is started again on other disks before the cluster has noticed that it died. */
  @Test
  void waitsForTheIdOfANodeThatJustDiedAndNoLonger() throws Exception {
    var answers =
        new ArrayDeque<>(
            List.of(ERROR_CODE_NODE_ID_IN_USE, ERROR_CODE_NONE, ERROR_CODE_NODE_ID_IN_USE));
    var asked = new ConcurrentLinkedQueue<JoinQuorumRequest>();
    var controller = answering(answers, asked);
    var server = serverOf(controller);
    quorum.node(TWO, new HostPort("127.0.0.1", server.port()));
    quorum.controller(TWO);

    var patient = calls.join(JOINER, ofSeconds(60));
    SOON.until("it is answered", patient::isDone);
    var impatient = calls.join(JOINER, Duration.ZERO);
    SOON.until("it is answered", impatient::isDone);

    assertThat(patient.join()).isEmpty();
    assertThat(impatient.join()).map(Refused::code).contains(ErrorCode.NODE_ID_IN_USE);
    assertThat(asked).hasSize(3);
    assertThat(asked.element().getDirectoryIdsList())
        .containsExactly(Uuid.newBuilder().setHigh(3).setLow(1).build());
    server.abort();
  }

  /** Without a quorum nobody notices that the former self of a node has died. */
  @Test
  void isPatientWithItsFormerSelfFromWhenItFirstHearsOfIt() throws Exception {
    var answers =
        new ArrayDeque<>(
            List.of(
                ERROR_CODE_REQUEST_TIMEOUT,
                ERROR_CODE_NODE_ID_IN_USE,
                ERROR_CODE_NONE,
                ERROR_CODE_NODE_ID_IN_USE,
                ERROR_CODE_REQUEST_TIMEOUT,
                ERROR_CODE_NODE_ID_IN_USE,
                ERROR_CODE_NONE));
    var asked = new ConcurrentLinkedQueue<JoinQuorumRequest>();
    var server =
        serverOf(
            answering(
                answers,
                asked,
                answered -> {
                  if (answered == ERROR_CODE_REQUEST_TIMEOUT) {
                    passed.addAndGet(ofSeconds(61).toNanos());
                  }
                }));
    quorum.node(TWO, new HostPort("127.0.0.1", server.port()));
    quorum.controller(TWO);

    var afterAnOutage = calls.join(JOINER, ofSeconds(60));
    SOON.until("it is answered", afterAnOutage::isDone);
    var withAnotherNode = calls.join(JOINER, ofSeconds(60));
    SOON.until("it is answered", withAnotherNode::isDone);

    assertThat(afterAnOutage.join()).isEmpty();
    assertThat(withAnotherNode.join()).map(Refused::code).contains(ErrorCode.NODE_ID_IN_USE);
    assertThat(asked).hasSize(6);
    server.abort();
  }

  /** A node that is behind is behind for a while: whoever asks is told, and may wait. */
  @Test
  void tellsAtOnceThatTheVotersMayNotChangeAndTriesAgainWhereNobodyLed() throws Exception {
    var answers =
        new ArrayDeque<>(
            List.of(
                ERROR_CODE_METADATA_QUORUM_LOST, ERROR_CODE_INELIGIBLE_REPLICA, ERROR_CODE_NONE));
    var controller =
        new ControllerServiceImplBase() {
          @Override
          public void changeQuorumVoters(
              ChangeQuorumVotersRequest request,
              StreamObserver<ChangeQuorumVotersResponse> response) {
            response.onNext(
                ChangeQuorumVotersResponse.newBuilder()
                    .setError(answers.remove())
                    .setErrorMessage("Expected x, but y")
                    .build());
            response.onCompleted();
          }
        };
    var server = serverOf(controller);
    quorum.node(TWO, new HostPort("127.0.0.1", server.port()));
    quorum.controller(TWO);

    var changed =
        calls.changeVoters(
            new VoterChange(TreePSet.singleton(TWO), TreePSet.empty(), false), ofSeconds(30));

    SOON.until("it is answered", changed::isDone);
    assertThat(changed.join())
        .contains(new Refused(ErrorCode.INELIGIBLE_REPLICA, "Expected x, but y"));
    assertThat(answers).containsExactly(ERROR_CODE_NONE);
    server.abort();
  }

  /** While nodes are upgraded one by one, the one that leads may not know the call. */
  @Test
  void tellsAtOnceThatAControllerOfAnOlderReleaseCannotChangeTheVoters() throws Exception {
    var server = serverOf(new ControllerServiceImplBase() {});
    quorum.node(TWO, new HostPort("127.0.0.1", server.port()));
    quorum.controller(TWO);

    var changed =
        calls.changeVoters(
            new VoterChange(TreePSet.singleton(TWO), TreePSet.empty(), false), ofSeconds(30));

    SOON.until("it is answered", changed::isDone);
    assertThat(changed.join()).map(Refused::code).contains(ErrorCode.UNSUPPORTED_VERSION);
    server.abort();
  }

  /** Who has no time left, or whose node stops, is not left without an answer. */
  @Test
  void saysThatNobodyAnsweredOnceTheTimeIsOver() {
    var change = new VoterChange(TreePSet.singleton(TWO), TreePSet.empty(), false);

    var late = calls.changeVoters(change, Duration.ZERO);
    SOON.until("it is answered", late::isDone);
    loop.execute(connection::close);
    var stopped = calls.changeVoters(change, ofSeconds(30));
    SOON.until("it is answered", stopped::isDone);

    assertThat(late.join()).map(Refused::code).contains(ErrorCode.METADATA_QUORUM_LOST);
    assertThat(stopped.join()).isEqualTo(late.join());
  }

  private static ControllerServiceImplBase answering(
      Queue<dev.naru.proto.v1.ErrorCode> answers, Queue<JoinQuorumRequest> asked) {
    return answering(answers, asked, _ -> {});
  }

  private static ControllerServiceImplBase answering(
      Queue<dev.naru.proto.v1.ErrorCode> answers,
      Queue<JoinQuorumRequest> asked,
      Consumer<dev.naru.proto.v1.ErrorCode> answering) {
    return new ControllerServiceImplBase() {
      @Override
      public void joinQuorum(
          JoinQuorumRequest request, StreamObserver<JoinQuorumResponse> response) {
        asked.add(request);
        var answer = answers.remove();
        answering.accept(answer);
        response.onNext(
            JoinQuorumResponse.newBuilder()
                .setError(answer)
                .setErrorMessage("Expected x, but y")
                .build());
        response.onCompleted();
      }
    };
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
