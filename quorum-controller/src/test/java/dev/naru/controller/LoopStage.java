package dev.naru.controller;

import static dev.naru.controller.FakeMetadataLog.CLUSTER;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.liveness.TopicSkew;
import dev.naru.testing.ManualClock;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The loop on a clock that the test turns, over the real machine and rules, without a thread; and
 * the words in which a test tells what happens.
 */
final class LoopStage {

  static final NodeId ONE = new NodeId(1);
  static final NodeId TWO = new NodeId(2);
  static final NodeId THREE = new NodeId(3);

  final ManualClock clock = ManualClock.started();
  final FakeMetadataLog log = new FakeMetadataLog(ONE);

  /** Whose port was called, and who refuses. */
  final List<HostPort> probed = new ArrayList<>();

  final Map<HostPort, CompletableFuture<Boolean>> refusals = new HashMap<>();

  /** Who was asked about replicas, and where the log of each ends that answers. */
  final List<NodeId> surveyed = new ArrayList<>();

  final Map<NodeId, Long> holdings = new HashMap<>();
  final Map<NodeId, FakeStream> streams = new HashMap<>();

  /** What was told, the newest last. */
  final List<List<TopicSkew>> skews = new ArrayList<>();

  private final List<ControllerInput> mailbox = new ArrayList<>();
  private ControllerLoop loop = start(new ControllerSeat(ONE, ClusterDefaults.BUILT_IN));
  private long sequence;

  ControllerLoop start(ControllerSeat seat) {
    loop =
        new ControllerLoop(
            seat,
            ControllerSettings.DEFAULTS,
            log,
            address -> {
              probed.add(address);
              return refusals.getOrDefault(address, CompletableFuture.completedFuture(false));
            },
            (node, questions) -> {
              surveyed.add(node.id());
              var answers = new TreeMap<PartitionId, LogAnswer>();
              questions.forEach(question ->
                  Optional.ofNullable(holdings.get(node.id()))
                      .ifPresent(end -> answers.put(question.partition(), answer(node, end))));
              return CompletableFuture.completedFuture(answers);
            },
            mailbox::add,
            nanos -> {},
            skews::add,
            clock.nanoTime());
    return loop;
  }

  ControllerLoop loop() {
    return loop;
  }

  void lead() {
    turn(new ControllerInput.Leads(1));
  }

  NodeEpoch live(NodeId node) {
    var epoch = register(node);
    heartbeat(node, epoch, epoch.value());
    assertThat(node(node).isFenced()).isFalse();
    return epoch;
  }

  NodeEpoch register(NodeId node, LogReport... logs) {
    int port = 9000 + node.value();
    var address = new HostPort("127.0.0.1", port);
    accepted(
        new RegisterNode(
            CLUSTER,
            node,
            new UUID(7, ++sequence),
            log.applied().image().node(node).map(NodeImage::epoch),
            new NodeProfile(
                Optional.empty(),
                new NodeEndpoints(address, address, address, address),
                node.toString(),
                "test",
                ClusterImage.METADATA_VERSION_LATEST),
            List.of(new DirectoryReport(directory(node), storedEpoch(node))),
            LastStop.UNCLEAN,
            false));
    streams.put(node, new FakeStream());
    var epoch = node(node).epoch();
    accepted(new ReportLogs(node, epoch, List.of(logs), true));
    return epoch;
  }

  private Optional<NodeEpoch> storedEpoch(NodeId node) {
    return log.applied().image().node(node).flatMap(NodeImage::lastUnfenced);
  }

  static UUID directory(NodeId node) {
    return new UUID(9, node.value());
  }

  PartitionImage partition(PartitionId id) {
    return log.applied().image().partition(id).orElseThrow();
  }

  void kill(NodeId node) {
    refusals.put(node(node).internal(), CompletableFuture.completedFuture(true));
    breakStream(node);
    assertThat(node(node).isFenced()).isTrue();
    refusals.remove(node(node).internal());
  }

  NodeImage node(NodeId id) {
    return log.applied().image().node(id).orElseThrow();
  }

  void accepted(MetadataCommand command) {
    assertThat(submit(command)).isCompletedWithValueMatching(Outcome.Accepted.class::isInstance);
  }

  CompletableFuture<Outcome> submit(MetadataCommand command) {
    var reply = new CompletableFuture<Outcome>();
    turn(
        new ControllerInput.Submitted(
            new CommandEnvelope(ONE, CommandEnvelope.UNREGISTERED, sequence, 0, command), reply));
    return reply;
  }

  HeartbeatReply.Heard heartbeat(NodeId node, NodeEpoch epoch, long applied) {
    return heard(new NodeHeartbeat(node, epoch, applied, false));
  }

  HeartbeatReply.Heard heard(NodeHeartbeat heartbeat) {
    return (HeartbeatReply.Heard) reply(heartbeat);
  }

  ErrorCode refusal(NodeHeartbeat heartbeat) {
    return ((HeartbeatReply.NotHeard) reply(heartbeat)).why().code();
  }

  private HeartbeatReply reply(NodeHeartbeat heartbeat) {
    var reply = new CompletableFuture<HeartbeatReply>();
    turn(new ControllerInput.Heartbeat(stream(heartbeat.node()), heartbeat, reply));
    return reply.join();
  }

  FakeStream stream(NodeId node) {
    return streams.computeIfAbsent(node, _ -> new FakeStream());
  }

  void breakStream(NodeId node) {
    turn(new ControllerInput.StreamBroke(stream(node)));
  }

  void pass(Duration time) {
    passWhileHearing(time);
  }

  void passWhileHearing(Duration time, NodeId... alive) {
    for (long passed = 0; passed < time.toMillis(); passed += 100) {
      clock.advance(ofMillis(100));
      turn();
      for (NodeId node : alive) {
        heartbeat(node, node(node).epoch(), log.applied().index());
      }
    }
  }

  /** One turn, and those that its own news call for. */
  void turn(ControllerInput... inputs) {
    mailbox.addAll(List.of(inputs));
    do {
      var now = List.copyOf(mailbox);
      mailbox.clear();
      loop.turn(now, clock.nanoTime(), clock.millis()).forEach(Runnable::run);
    } while (!mailbox.isEmpty());
  }

  /** A node's stream, of which only the end is seen. */
  static final class FakeStream implements HeartbeatStream {

    @Override
    public CompletableFuture<HeartbeatReply> heartbeat(NodeHeartbeat heartbeat) {
      throw new AssertionError("The test takes the loop's side");
    }

    @Override
    public void broken() {}
  }

  private static LogAnswer answer(NodeImage node, long end) {
    var log = new LogEnd(Optional.of(new LeaderEpoch(1)), end);
    return new LogAnswer(node.id(), node.epoch(), log, log, 0, 0, false);
  }
}
