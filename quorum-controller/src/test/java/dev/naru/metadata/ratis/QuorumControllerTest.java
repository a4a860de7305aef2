package dev.naru.metadata.ratis;

import static dev.naru.metadata.ratis.TestQuorum.SOON;
import static dev.naru.metadata.ratis.TestQuorum.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.controller.ControllerRuntime;
import dev.naru.controller.ControllerSeat;
import dev.naru.controller.ControllerSettings;
import dev.naru.controller.HeartbeatReply;
import dev.naru.controller.NodeHeartbeat;
import dev.naru.controller.QuorumController;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.Joiner;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller with its thread, on a log of real Ratis servers. */
class QuorumControllerTest {

  private static final NodeId NINE = new NodeId(9);
  private static final Optional<NodeEpoch> KNOWN_EPOCH = Optional.of(new NodeEpoch(1));

  private static final UUID FORMER_DIRECTORY = new UUID(8, 9);

  @TempDir Path directory;

  private final Map<NodeId, QuorumController> controllers = new TreeMap<>();

  @Test
  void unfencesANodeThatIsHeardAndFencesItWhenItIsGone() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      var controller = controllerOf(quorum, new NodeId(1));
      var log = quorum.log(new NodeId(1));
      SOON.until("the cluster exists", () -> log.applied().image().isInitialized());
      assertDecommissionedStaysOut(controller, log);
      var epoch =
          new NodeEpoch(
              accepted(controller.submit(quorum.envelope(quorum.registration(NINE))).get()));
      accepted(
          controller.submit(quorum.envelope(new ReportLogs(NINE, epoch, List.of(), true))).get());
      var stream = controller.openHeartbeats();

      var heartbeat = new NodeHeartbeat(NINE, epoch, epoch.value(), false);
      assertThat(stream.heartbeat(heartbeat).get()).isInstanceOf(HeartbeatReply.Heard.class);
      SOON.until("the node is unfenced", () -> !fenced(log));
      assertNobodyTakesItsPlace(controller, log);

      stream.broken();
      SOON.until("the node is fenced", () -> fenced(log));
      assertThat(quorum.fatal).isEmpty();
    }
  }

  /** One that was a node before, under an epoch, and that the cluster does not know. */
  private static void assertDecommissionedStaysOut(
      QuorumController controller, RatisMetadataLog log) {
    var joiner = joiner(KNOWN_EPOCH, FORMER_DIRECTORY);

    SOON.until("it is told so", () -> refused(controller, joiner, ErrorCode.NODE_NOT_FOUND));
    assertThat(log.quorum().listeners()).isEmpty();
  }

  /** Whoever has the id of a node that serves, but not its directories, changes nothing. */
  private static void assertNobodyTakesItsPlace(QuorumController controller, RatisMetadataLog log) {
    var former = joiner(KNOWN_EPOCH, FORMER_DIRECTORY);
    var replacement = joiner(Optional.empty(), FORMER_DIRECTORY);

    SOON.until(
        "the former node is told so", () -> refused(controller, former, ErrorCode.NODE_NOT_FOUND));
    SOON.until(
        "the replacement is told so",
        () -> refused(controller, replacement, ErrorCode.NODE_ID_IN_USE));
    assertThat(log.quorum().listeners()).isEmpty();
  }

  private static Joiner joiner(Optional<NodeEpoch> knownEpoch, UUID directory) {
    return new Joiner(
        new QuorumMember(NINE, "9", new HostPort("127.0.0.1", 9_412)),
        knownEpoch,
        List.of(directory));
  }

  private static boolean refused(QuorumController controller, Joiner joiner, ErrorCode code) {
    return controller.joinQuorum(joiner).join() instanceof JoinOutcome.NotMember(var why, _)
        && why.code() == code;
  }

  @Test
  void saysInBoundedTimeThatTheQuorumIsLost() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      quorum.startVoters();
      for (int id = 1; id <= 3; id++) {
        controllerOf(quorum, new NodeId(id));
      }
      NodeId leader = quorum.awaitController();
      SOON.until("it acts", () -> quorum.log(leader).applied().image().isInitialized());
      var image = quorum.log(leader).applied().image();
      for (int id = 1; id <= 3; id++) {
        if (id != leader.value()) {
          quorum.stop(new NodeId(id));
        }
      }

      long start = System.nanoTime();
      var why = lost(controller(leader).submit(quorum.envelope(quorum.registration(NINE))));
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

      System.out.printf("quorum lost: said after %d ms%n", took);
      assertThat(why.code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST);
      assertThat(why.reason()).contains("roduce and consume go on");
      SOON.until("it does not act any more", () -> !active(leader));
      assertThat(quorum.log(leader).applied().image()).isSameAs(image);
    }
  }

  private static Refused lost(CompletableFuture<Outcome> submission) throws Exception {
    try {
      return ((Outcome.NotAppended) submission.get(30, TimeUnit.SECONDS)).why();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OutcomeUnknownException unknown) {
        return unknown.why();
      }
      throw e;
    }
  }

  private QuorumController controller(NodeId node) {
    return Optional.ofNullable(controllers.get(node)).orElseThrow();
  }

  private boolean active(NodeId node) {
    return controller(node).isActive();
  }

  private static boolean fenced(RatisMetadataLog log) {
    return log.applied().image().node(NINE).map(NodeImage::isFenced).orElse(true);
  }

  private QuorumController controllerOf(TestQuorum quorum, NodeId node) {
    var controller =
        QuorumController.start(
            new ControllerSeat(node, ClusterDefaults.BUILT_IN),
            ControllerSettings.DEFAULTS,
            quorum.log(node),
            _ -> CompletableFuture.completedFuture(true),
            (_, _) -> CompletableFuture.completedFuture(Map.of()),
            new ControllerRuntime(
                Thread.ofPlatform().daemon().factory(),
                System::nanoTime,
                System::currentTimeMillis,
                new SimpleMeterRegistry(),
                (reason, cause) -> quorum.fatal.add(reason + " " + cause)));
    controllers.put(node, controller);
    return controller;
  }
}
