package dev.naru.controller;

import static dev.naru.controller.LoopStage.ONE;
import static dev.naru.controller.LoopStage.TWO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.image.LogEnd;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** What becomes of partitions that have nobody to lead them. */
class RecoveryLoopTest {

  private final LoopStage stage = new LoopStage();

  @Test
  void endsTheWaitForReplicasThatDoNotReturn() {
    stage.lead();
    stage.live(ONE);
    stage.live(TWO);
    var partition = new PartitionId(new TopicId(new UUID(1, 1)), 0);
    stage.accepted(
        new CreateTopic(
            partition.topic(),
            "orders",
            Optional.of(1),
            Optional.of(2),
            TreePMap.singleton("min.insync.replicas", "2"),
            0));
    stage.kill(TWO);
    stage.kill(ONE);
    assertThat(stage.partition(partition).elr()).containsOnlyKeys(ONE, TWO);

    var log = new LogEnd(Optional.of(new LeaderEpoch(1)), 10);
    var epoch =
        stage.register(ONE, new LogReport(partition, LoopStage.directory(ONE), log, 10, false));
    stage.heartbeat(ONE, epoch, epoch.value());
    stage.passWhileHearing(ofMillis(2_900), ONE);
    assertThat(stage.partition(partition).leader()).isEmpty();

    stage.passWhileHearing(ofMillis(300), ONE);
    assertThat(stage.partition(partition).leader()).contains(ONE);
  }

  @Test
  @Tag("S56")
  void letsTheBestReplicaLeadOnceTheWaitForASafeOneIsOver() {
    var partition =
        withoutSafeReplica(Map.of("recovery.mode", "bounded", "recovery.wait.ms", "10s"));
    stage.holdings.put(TWO, 7L);

    stage.passWhileHearing(ofMillis(9_500), TWO);
    assertThat(stage.partition(partition).hasLeader()).isFalse();
    assertThat(stage.surveyed).isEmpty();

    stage.passWhileHearing(ofSeconds(1), TWO);
    assertThat(stage.partition(partition).leader()).contains(TWO);
    assertThat(stage.partition(partition).losses().last()).isPresent();
  }

  /** While it stood still no safe replica could register. */
  @Test
  void doesNotCountItsOwnPauseAsAWaitForASafeReplica() {
    var partition =
        withoutSafeReplica(Map.of("recovery.mode", "bounded", "recovery.wait.ms", "10s"));
    stage.holdings.put(TWO, 7L);
    stage.passWhileHearing(ofSeconds(5), TWO);

    stage.clock.advance(Duration.ofMinutes(5));
    stage.passWhileHearing(ofMillis(4_400), TWO);
    assertThat(stage.partition(partition).hasLeader()).isFalse();

    stage.passWhileHearing(ofMillis(1_500), TWO);
    assertThat(stage.partition(partition).hasLeader()).isTrue();
  }

  @Test
  @Tag("S54")
  void letsTheBestReplicaLeadAtOnceWhereThatIsWanted() {
    var partition = withoutSafeReplica(Map.of("unclean.leader.election.enable", "true"));
    stage.holdings.put(TWO, 7L);

    stage.passWhileHearing(ofMillis(600), TWO);

    assertThat(stage.partition(partition).leader()).contains(TWO);
  }

  @Test
  @Tag("S55")
  void asksNobodyAboutAPartitionThatIsToWait() {
    var partition = withoutSafeReplica(Map.of());
    stage.holdings.put(TWO, 7L);

    stage.passWhileHearing(Duration.ofMinutes(10), TWO);

    assertThat(stage.partition(partition).hasLeader()).isFalse();
    assertThat(stage.surveyed).isEmpty();
  }

  @Test
  void aNewControllerCountsTheWaitAnew() {
    var partition =
        withoutSafeReplica(Map.of("recovery.mode", "bounded", "recovery.wait.ms", "10s"));
    stage.holdings.put(TWO, 7L);
    stage.passWhileHearing(ofSeconds(9), TWO);

    stage.turn(new ControllerInput.LeadsNoLonger());
    stage.turn(new ControllerInput.Leads(2));
    stage.passWhileHearing(ofSeconds(9), TWO);
    assertThat(stage.partition(partition).hasLeader()).isFalse();

    stage.passWhileHearing(ofMillis(1_500), TWO);
    assertThat(stage.partition(partition).hasLeader()).isTrue();
  }

  /** ONE led alone and is gone; TWO has a replica that may lack something. */
  private PartitionId withoutSafeReplica(Map<String, String> configs) {
    stage.lead();
    stage.live(ONE);
    stage.live(TWO);
    var id = new PartitionId(new TopicId(new UUID(1, 1)), 0);
    stage.accepted(
        new CreateTopic(
            id.topic(),
            "orders",
            Optional.of(1),
            Optional.of(2),
            TreePMap.from(configs).plus("min.insync.replicas", "1"),
            0));
    var entry = stage.partition(id);
    var alone = new IsrMember(ONE, stage.node(ONE).epoch());
    stage.accepted(
        entry.isLedBy(ONE)
            ? new AlterPartition(
                id, entry.leaderEpoch(), entry.partitionEpoch(), alone, List.of(alone))
            : new AlterPartition(
                id,
                entry.leaderEpoch(),
                entry.partitionEpoch(),
                new IsrMember(TWO, stage.node(TWO).epoch()),
                List.of(alone)));
    stage.kill(ONE);
    assertThat(stage.partition(id).elr()).containsOnlyKeys(ONE);
    return id;
  }
}
