package dev.naru.broker.upkeep;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.broker.loop.LoopGroup;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.rpc.ReplyRouter;
import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.store.LogStore;
import dev.naru.metadata.command.GiveUpCause;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.record.TimestampType;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the controller is told of replicas that are out of use. */
class ReplicaFaultsTest {

  private static final LocalNode SELF = new LocalNode(new NodeId(1), new NodeEpoch(5));
  private static final PartitionId ORDERS = new PartitionId(TopicId.of(1, 1), 0);
  private static final PartitionId PAYMENTS = new PartitionId(TopicId.of(1, 2), 0);
  private static final Eventually SOON = Eventually.allowing("a pause between tries", ofSeconds(1));

  private final ScheduledThreadPoolExecutor chores = new ScheduledThreadPoolExecutor(1);
  private final NodeMeters meters = NodeMeters.create(SELF.id());
  private final FaultyDisk disk = new FaultyDisk(LogFixture.formatted());
  private final LogStore store = LogFixture.open(disk);
  private final ReplicaFaults faults =
      new ReplicaFaults(store, new ReplicaRepairs(store, meters, () -> 0), chores, meters);
  private final ConcurrentLinkedQueue<MetadataCommand> told = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<CompletableFuture<Outcome>> answers =
      new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    chores.shutdownNow();
    store.close();
    meters.close();
  }

  /** With no quorum for a while, nobody else would ever lead what this node cannot serve. */
  @Test
  void tellsTheControllerAgainUntilItHasHeard() {
    var lost = new Refused(ErrorCode.METADATA_QUORUM_LOST, "Expected a controller, but none");
    answers.add(CompletableFuture.completedFuture(new Outcome.NotAppended(lost, Optional.empty())));
    answers.add(CompletableFuture.failedFuture(new OutcomeUnknownException(lost)));
    answers.add(CompletableFuture.completedFuture(new Outcome.Accepted(7)));
    serve();

    faults.notOpened(ORDERS, new IllegalStateException("planted"));

    SOON.until("the controller has heard", answers::isEmpty);
    assertThat(told)
        .hasSize(3)
        .containsOnly(
            new GiveUpReplicas(
                SELF.id(), SELF.epoch(), List.of(ORDERS), GiveUpCause.STORAGE_FAILED));
  }

  @Test
  void takesARefusalForAnAnswer() {
    answers.add(
        CompletableFuture.completedFuture(
            new Outcome.Refusal(7, new Refused(ErrorCode.FENCED_NODE_EPOCH, "Expected x, but y"))));
    serve();

    faults.notOpened(ORDERS, new IllegalStateException("planted"));

    assertThat(told).hasSize(1);
    assertThat(chores.getQueue()).isEmpty();
  }

  /** The disk may be as good as new elsewhere, and peers have what this one cannot give back. */
  @Test
  void aFailedReadCostsOneReplicaAndNotItsDirectory() {
    var log = store.create(ORDERS, new LogConfig(1, TimestampType.CREATE_TIME));
    for (int i = 0; i < 3; i++) {
      LogFixture.append(log, 10, 1);
    }
    LogFixture.force(store, log);
    var other = store.create(PAYMENTS, LogConfig.DEFAULTS);
    answers.add(CompletableFuture.completedFuture(new Outcome.Accepted(7)));
    serve();
    disk.fail(Operation.READ, "10.log");

    var met =
        catchThrowableOfType(
            LogDamagedException.class, () -> log.view().read(10, 1 << 20, log.end()));
    assertThat(faults.readFailed(ORDERS, met).code()).isEqualTo(ErrorCode.NOT_LEADER);
    faults.damaged(met.damage()); // as the partition says when it hears of it

    SOON.until("the controller has heard", answers::isEmpty);
    SOON.untilAsserted(
        "the log is given up, set aside and counted",
        () -> {
          assertThat(store.damaged()).containsKey(ORDERS);
          assertThat(disk.list("lost+found")).hasSize(1);
          assertThat(meters.page()).containsPattern("naru_damage_found_total\\{[^}]*} 1");
        });
    assertThat(told)
        .containsExactly(
            new GiveUpReplicas(SELF.id(), SELF.epoch(), List.of(ORDERS), GiveUpCause.DAMAGED));
    assertThat(store.directories().getFirst().failure()).isEmpty();
    LogFixture.append(other, 1, 1);
  }

  private void serve() {
    var loops =
        LoopGroup.start(
            1,
            () -> 0,
            Thread.ofPlatform().daemon().factory(),
            new ReplyRouter(),
            (seat, fault) -> {},
            1 << 20);
    var directory =
        new PartitionDirectory(
            SELF.id(),
            loops,
            new PartitionDirectory.Opener() {
              @Override
              public void open(PartitionAssignment assignment, PartitionDirectory.Place place) {}

              @Override
              public void putAway(PartitionId partition, boolean isTopicDeleted) {}
            });
    loops.close();
    faults.serve(
        SELF,
        directory,
        (command, _) -> {
          told.add(command);
          return answers.remove();
        });
  }
}
