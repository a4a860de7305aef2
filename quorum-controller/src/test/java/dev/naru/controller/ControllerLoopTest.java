package dev.naru.controller;

import static dev.naru.controller.FakeMetadataLog.CLUSTER;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.testing.ManualClock;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** The loop on a clock that the test turns, over the real machine and rules, without a thread. */
class ControllerLoopTest {

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final NodeId THREE = new NodeId(3);

  private final ManualClock clock = ManualClock.started();
  private final FakeMetadataLog log = new FakeMetadataLog(ONE);
  private final List<ControllerInput> mailbox = new ArrayList<>();
  private final List<HostPort> probed = new ArrayList<>();
  private final Map<HostPort, CompletableFuture<Boolean>> refusals = new HashMap<>();
  private final List<NodeId> surveyed = new ArrayList<>();
  private final Map<NodeId, Long> holdings = new HashMap<>();
  private final Map<NodeId, FakeStream> streams = new HashMap<>();
  private ControllerLoop loop = start(new ControllerSeat(ONE, ClusterDefaults.BUILT_IN));
  private long sequence;

  @Test
  void initializesAClusterThatDoesNotExistYetAndOnlyOnce() {
    lead();
    pass(ofSeconds(1));

    assertThat(log.applied().image().isInitialized()).isTrue();
    assertThat(log.takeSubmitted()).hasOnlyElementsOfType(InitializeCluster.class).hasSize(1);
  }

  @Test
  void unfencesANodeThatIsHeardAndHasCaughtUp() {
    lead();
    NodeEpoch epoch = register(TWO);

    var early = heartbeat(TWO, epoch, epoch.value() - 1);
    assertThat(early.fenced()).isTrue();
    assertThat(node(TWO).isFenced()).isTrue();

    heartbeat(TWO, epoch, epoch.value());
    assertThat(node(TWO).isFenced()).isFalse();
    assertThat(heartbeat(TWO, epoch, epoch.value()).fenced()).isFalse();
  }

  @Test
  void fencesASilentNodeAfterTheTimeoutAndNotBefore() {
    lead();
    live(TWO);
    live(THREE);

    passWhileHearing(ofMillis(5_900), THREE);
    assertThat(node(TWO).isFenced()).isFalse();

    passWhileHearing(ofMillis(200), THREE);
    assertThat(node(TWO).isFenced()).isTrue();
    assertThat(node(THREE).isFenced()).isFalse();
  }

  /** As after a stop signal, a long collection, a machine that was suspended. */
  @Test
  void doesNotTakeItsOwnPauseForTheSilenceOfNodes() {
    lead();
    live(TWO);
    pass(ofSeconds(1));

    clock.advance(ofSeconds(30));
    turn();
    assertThat(node(TWO).isFenced()).isFalse();

    pass(ofMillis(4_800));
    assertThat(node(TWO).isFenced()).as("a second before the pause, the rest after it").isFalse();
    pass(ofMillis(400));
    assertThat(node(TWO).isFenced()).isTrue();
  }

  @Test
  void fencesAtOnceANodeWhoseStreamBrokeAndWhoseListenerRefuses() {
    lead();
    var epoch = live(TWO);
    log.takeSubmitted();
    refusals.put(node(TWO).internal(), CompletableFuture.completedFuture(true));

    breakStream(TWO);

    assertThat(log.takeSubmitted())
        .containsExactly(new FenceNode(TWO, epoch, FenceCause.CONNECTION_REFUSED));
    assertThat(node(TWO).isFenced()).isTrue();
  }

  @Test
  void keepsANodeWhoseStreamBrokeButWhoseListenerAccepts() {
    lead();
    live(TWO);

    breakStream(TWO);
    pass(ofSeconds(2));

    assertThat(probed).contains(node(TWO).internal());
    assertThat(node(TWO).isFenced()).isFalse();
  }

  @Test
  void believesTheNewStreamWhenTheOldOneIsReportedBrokenAfterIt() {
    lead();
    var epoch = live(TWO);
    FakeStream old = stream(TWO);
    refusals.put(node(TWO).internal(), CompletableFuture.completedFuture(true));

    streams.put(TWO, new FakeStream());
    heartbeat(TWO, epoch, epoch.value());
    turn(new ControllerInput.StreamBroke(old));
    pass(ofMillis(200));

    assertThat(node(TWO).isFenced()).isFalse();
  }

  @Test
  void probesUnderANewReignTheNodesThatOpenNoStreamAndCountsTheirSilenceAnew() {
    lead();
    live(TWO);
    pass(ofSeconds(5));
    turn(new ControllerInput.LeadsNoLonger());
    probed.clear();

    turn(new ControllerInput.Leads(2));
    pass(ofMillis(5_800));
    assertThat(probed).contains(node(TWO).internal());
    assertThat(node(TWO).isFenced()).isFalse();

    pass(ofMillis(400));
    assertThat(node(TWO).isFenced()).isTrue();
  }

  @Test
  void doesNotProbeANodeMoreThanTwiceASecond() {
    lead();
    live(TWO);
    probed.clear();

    breakStream(TWO);
    pass(ofSeconds(2));

    assertThat(probed).hasSizeBetween(4, 5);
  }

  @Test
  void tellsAProcessOfAnOlderEpochToStopAndAnUnknownOneToRegister() {
    lead();
    var first = live(TWO);
    var second = register(TWO);
    assertThat(second).isGreaterThan(first);

    assertThat(refusal(new NodeHeartbeat(TWO, first, 0, false)))
        .isEqualTo(ErrorCode.FENCED_NODE_EPOCH);
    assertThat(refusal(new NodeHeartbeat(THREE, first, 0, false)))
        .isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH);
  }

  @Test
  void movesLeadershipsAwayBeforeItLetsANodeStop() {
    lead();
    live(ONE);
    var epoch = live(TWO);
    var topic = new TopicId(new UUID(1, 1));
    accepted(new CreateTopic(topic, "orders", Optional.of(4), Optional.of(2), TreePMap.empty(), 0));
    assertThat(log.applied().image().leadsWhatAnotherCould(TWO)).isTrue();
    log.takeSubmitted();

    var first = heard(new NodeHeartbeat(TWO, epoch, log.applied().index(), true));
    assertThat(first.mayShutDown()).isFalse();
    assertThat(log.takeSubmitted()).containsExactly(new BeginShutdown(TWO, epoch));
    assertThat(heard(new NodeHeartbeat(TWO, epoch, log.applied().index(), true)).mayShutDown())
        .isTrue();
  }

  @Test
  void answersWithTheCommittedIndex() {
    lead();
    var epoch = live(TWO);

    assertThat(heartbeat(TWO, epoch, epoch.value()).committedIndex())
        .isEqualTo(log.applied().index());
  }

  @Test
  void namesTheControllerWhenItIsAnother() throws Exception {
    log.lead(Optional.of(THREE));

    var outcome = submit(new UnfenceNode(TWO, new NodeEpoch(1))).get();

    assertThat(outcome).isInstanceOf(Outcome.NotAppended.class);
    assertThat(((Outcome.NotAppended) outcome).controller()).contains(THREE);
    assertThat(((Outcome.NotAppended) outcome).why().code()).isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void saysThatTheQuorumIsLostWhenNobodyLeads() throws Exception {
    log.lead(Optional.empty());

    var outcome = submit(new UnfenceNode(TWO, new NodeEpoch(1))).get();

    assertThat(((Outcome.NotAppended) outcome).why().code())
        .isEqualTo(ErrorCode.METADATA_QUORUM_LOST);
    assertThat(((Outcome.NotAppended) outcome).why().reason()).contains("go on");
  }

  @Test
  void givesUpACommandThatIsNotCommittedInTimeWithoutCallingItRefused() {
    lead();
    log.holdCommits();
    var outcome = submit(new UnfenceNode(TWO, new NodeEpoch(1)));

    pass(ofMillis(4_900));
    assertThat(outcome).isNotDone();
    pass(ofMillis(200));

    assertLost(outcome);
    log.commitAll(); // what comes too late changes nothing
    assertLost(outcome);
  }

  @Test
  void givesUpACommandWhoseOutcomeTheLogDoesNotKnow() {
    lead();
    log.holdCommits();
    var outcome = submit(new UnfenceNode(TWO, new NodeEpoch(1)));

    log.lead(Optional.empty());
    turn(new ControllerInput.LeadsNoLonger());

    assertLost(outcome);
  }

  @Test
  void repeatsItsOwnCommandOnlyAfterTheFirstIsSettled() {
    lead();
    live(TWO);
    log.takeSubmitted();
    log.holdCommits();

    pass(ofSeconds(7)); // silent since, and the first attempt was given up once
    assertThat(log.takeSubmitted()).hasSize(1);
    pass(ofSeconds(5));
    assertThat(log.takeSubmitted()).hasSize(1);
  }

  @Test
  void doesNotFloodTheLogWithACommandThatKeepsBeingRefused() {
    var unwanted = new ClusterDefaults(0, 1, TreePMap.empty());
    start(new ControllerSeat(ONE, unwanted));
    lead();

    pass(ofSeconds(10));

    assertThat(log.applied().image().isInitialized()).isFalse();
    assertThat(log.takeSubmitted()).hasSizeBetween(10, 11);
  }

  @Test
  void refusesMoreCommandsThanMayBeUnderWay() throws Exception {
    lead();
    log.holdCommits();
    for (int i = 0; i < Submissions.COUNT_MAX; i++) {
      assertThat(submit(new UnfenceNode(TWO, new NodeEpoch(1)))).isNotDone();
    }

    var outcome = submit(new UnfenceNode(TWO, new NodeEpoch(1))).get();

    assertThat(((Outcome.NotAppended) outcome).why().code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
  }

  @Test
  void leavesWhenTheQuorumSaysThatItDoesNotLeadAlthoughNobodyToldIt() {
    lead();

    log.lead(Optional.of(THREE));
    pass(ofSeconds(1));

    assertThat(loop.isActive()).isFalse();
    assertThat(loop.needsTicks()).isFalse();
  }

  @Test
  void endsTheWaitForReplicasThatDoNotReturn() {
    lead();
    live(ONE);
    live(TWO);
    var partition = new PartitionId(new TopicId(new UUID(1, 1)), 0);
    accepted(
        new CreateTopic(
            partition.topic(),
            "orders",
            Optional.of(1),
            Optional.of(2),
            TreePMap.singleton("min.insync.replicas", "2"),
            0));
    kill(TWO);
    kill(ONE);
    assertThat(partition(partition).elr()).containsOnlyKeys(ONE, TWO);

    var log = new LogEnd(Optional.of(new LeaderEpoch(1)), 10);
    var epoch = register(ONE, new LogReport(partition, directory(ONE), log, 10, false));
    heartbeat(ONE, epoch, epoch.value());
    passWhileHearing(ofMillis(2_900), ONE);
    assertThat(partition(partition).leader()).isEmpty();

    passWhileHearing(ofMillis(300), ONE);
    assertThat(partition(partition).leader()).contains(ONE);
  }

  @Test
  @Tag("S56")
  void letsTheBestReplicaLeadOnceTheWaitForASafeOneIsOver() {
    var partition =
        withoutSafeReplica(Map.of("recovery.mode", "bounded", "recovery.wait.ms", "10s"));
    holdings.put(TWO, 7L);

    passWhileHearing(ofMillis(9_500), TWO);
    assertThat(partition(partition).hasLeader()).isFalse();
    assertThat(surveyed).isEmpty();

    passWhileHearing(ofSeconds(1), TWO);
    assertThat(partition(partition).leader()).contains(TWO);
    assertThat(partition(partition).losses().last()).isPresent();
  }

  @Test
  @Tag("S54")
  void letsTheBestReplicaLeadAtOnceWhereThatIsWanted() {
    var partition = withoutSafeReplica(Map.of("unclean.leader.election.enable", "true"));
    holdings.put(TWO, 7L);

    passWhileHearing(ofMillis(600), TWO);

    assertThat(partition(partition).leader()).contains(TWO);
  }

  @Test
  @Tag("S55")
  void asksNobodyAboutAPartitionThatIsToWait() {
    var partition = withoutSafeReplica(Map.of());
    holdings.put(TWO, 7L);

    passWhileHearing(Duration.ofMinutes(10), TWO);

    assertThat(partition(partition).hasLeader()).isFalse();
    assertThat(surveyed).isEmpty();
  }

  @Test
  void aNewControllerCountsTheWaitAnew() {
    var partition =
        withoutSafeReplica(Map.of("recovery.mode", "bounded", "recovery.wait.ms", "10s"));
    holdings.put(TWO, 7L);
    passWhileHearing(ofSeconds(9), TWO);

    turn(new ControllerInput.LeadsNoLonger());
    turn(new ControllerInput.Leads(2));
    passWhileHearing(ofSeconds(9), TWO);
    assertThat(partition(partition).hasLeader()).isFalse();

    passWhileHearing(ofMillis(1_500), TWO);
    assertThat(partition(partition).hasLeader()).isTrue();
  }

  /** ONE led alone and is gone; TWO has a replica that may lack something. */
  private PartitionId withoutSafeReplica(Map<String, String> configs) {
    lead();
    live(ONE);
    live(TWO);
    var id = new PartitionId(new TopicId(new UUID(1, 1)), 0);
    accepted(
        new CreateTopic(
            id.topic(),
            "orders",
            Optional.of(1),
            Optional.of(2),
            TreePMap.from(configs).plus("min.insync.replicas", "1"),
            0));
    var entry = partition(id);
    var alone = new IsrMember(ONE, node(ONE).epoch());
    accepted(
        entry.isLedBy(ONE)
            ? new AlterPartition(
                id, entry.leaderEpoch(), entry.partitionEpoch(), alone, List.of(alone))
            : new AlterPartition(
                id,
                entry.leaderEpoch(),
                entry.partitionEpoch(),
                new IsrMember(TWO, node(TWO).epoch()),
                List.of(alone)));
    kill(ONE);
    assertThat(partition(id).elr()).containsOnlyKeys(ONE);
    return id;
  }

  private static LogAnswer answer(NodeImage node, long end) {
    return new LogAnswer(
        node.id(),
        node.epoch(),
        new LogEnd(Optional.of(new LeaderEpoch(1)), end),
        end,
        0,
        0,
        false);
  }

  // ---- the story's words

  private ControllerLoop start(ControllerSeat seat) {
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
            clock.nanoTime());
    return loop;
  }

  private void lead() {
    turn(new ControllerInput.Leads(1));
  }

  private NodeEpoch live(NodeId node) {
    var epoch = register(node);
    heartbeat(node, epoch, epoch.value());
    assertThat(node(node).isFenced()).isFalse();
    return epoch;
  }

  private NodeEpoch register(NodeId node, LogReport... logs) {
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

  private static UUID directory(NodeId node) {
    return new UUID(9, node.value());
  }

  private PartitionImage partition(PartitionId id) {
    return log.applied().image().partition(id).orElseThrow();
  }

  private void kill(NodeId node) {
    refusals.put(node(node).internal(), CompletableFuture.completedFuture(true));
    breakStream(node);
    assertThat(node(node).isFenced()).isTrue();
    refusals.remove(node(node).internal());
  }

  private NodeImage node(NodeId id) {
    return log.applied().image().node(id).orElseThrow();
  }

  private void accepted(MetadataCommand command) {
    assertThat(submit(command)).isCompletedWithValueMatching(Outcome.Accepted.class::isInstance);
  }

  private CompletableFuture<Outcome> submit(MetadataCommand command) {
    var reply = new CompletableFuture<Outcome>();
    turn(
        new ControllerInput.Submitted(
            new CommandEnvelope(ONE, CommandEnvelope.UNREGISTERED, sequence, 0, command), reply));
    return reply;
  }

  private HeartbeatReply.Heard heartbeat(NodeId node, NodeEpoch epoch, long applied) {
    return heard(new NodeHeartbeat(node, epoch, applied, false));
  }

  private HeartbeatReply.Heard heard(NodeHeartbeat heartbeat) {
    return (HeartbeatReply.Heard) reply(heartbeat);
  }

  private ErrorCode refusal(NodeHeartbeat heartbeat) {
    return ((HeartbeatReply.NotHeard) reply(heartbeat)).why().code();
  }

  private HeartbeatReply reply(NodeHeartbeat heartbeat) {
    var reply = new CompletableFuture<HeartbeatReply>();
    turn(new ControllerInput.Heartbeat(stream(heartbeat.node()), heartbeat, reply));
    return reply.join();
  }

  private FakeStream stream(NodeId node) {
    return streams.computeIfAbsent(node, _ -> new FakeStream());
  }

  private void breakStream(NodeId node) {
    turn(new ControllerInput.StreamBroke(stream(node)));
  }

  private void pass(Duration time) {
    passWhileHearing(time);
  }

  private void passWhileHearing(Duration time, NodeId... alive) {
    for (long passed = 0; passed < time.toMillis(); passed += 100) {
      clock.advance(ofMillis(100));
      turn();
      for (NodeId node : alive) {
        heartbeat(node, node(node).epoch(), log.applied().index());
      }
    }
  }

  /** One turn, and those that its own news call for. */
  private void turn(ControllerInput... inputs) {
    mailbox.addAll(List.of(inputs));
    do {
      var now = List.copyOf(mailbox);
      mailbox.clear();
      loop.turn(now, clock.nanoTime(), clock.millis()).forEach(Runnable::run);
    } while (!mailbox.isEmpty());
  }

  private static void assertLost(CompletableFuture<Outcome> outcome) {
    assertThatThrownBy(outcome::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            OutcomeUnknownException.class,
            lost -> assertThat(lost.why().code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST));
  }

  private static final class FakeStream implements HeartbeatStream {

    @Override
    public CompletableFuture<HeartbeatReply> heartbeat(NodeHeartbeat heartbeat) {
      throw new AssertionError("The test takes the loop's side");
    }

    @Override
    public void broken() {}
  }
}
