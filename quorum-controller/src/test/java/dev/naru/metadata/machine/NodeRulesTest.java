package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.GiveUpCause;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeState;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class NodeRulesTest {

  private static final NodeId ONE = new NodeId(1);

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void refusesToSpeakOfAnotherProcessThanTheRegisteredOne() {
    var epoch = cluster.epoch(1);
    List<Function<NodeEpoch, MetadataCommand>> commands =
        List.of(
            e -> new FenceNode(ONE, e, FenceCause.SILENT),
            e -> new UnfenceNode(ONE, e),
            e -> new BeginShutdown(ONE, e),
            e -> new ReportLogs(ONE, e, List.of(), true),
            e -> new GiveUpReplicas(ONE, e, List.of(), GiveUpCause.DAMAGED));

    for (var command : commands) {
      assertThat(cluster.refusal(command.apply(new NodeEpoch(epoch.value() - 1))))
          .isEqualTo(ErrorCode.FENCED_NODE_EPOCH);
      assertThat(cluster.refusal(command.apply(new NodeEpoch(epoch.value() + 1))))
          .isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH);
    }
    assertThat(cluster.refusal(new UnfenceNode(new NodeId(9), epoch)))
        .isEqualTo(ErrorCode.NODE_NOT_FOUND);
  }

  @Test
  void unfencesOnlyANodeThatHasReportedItsLogs() {
    cluster.register(1, LastStop.CLEAN);

    assertThat(cluster.refusal(new UnfenceNode(ONE, cluster.epoch(1))))
        .isEqualTo(ErrorCode.NODE_STARTING);
    cluster.report(1);
    cluster.unfence(1);

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.ACTIVE);
    assertThat(cluster.node(1).lastUnfenced()).contains(cluster.epoch(1));
  }

  @Test
  void doesNothingTwice() {
    assertThat(cluster.accept(new UnfenceNode(ONE, cluster.epoch(1))).events()).isEmpty();
    cluster.fence(1);
    assertThat(cluster.accept(new FenceNode(ONE, cluster.epoch(1), FenceCause.SILENT)).events())
        .isEmpty();
    assertThat(cluster.accept(new BeginShutdown(ONE, cluster.epoch(1))).events()).isEmpty();
  }

  @Test
  void fencesANodeThatLeadsThousandsOfPartitionsWithOneCommand() {
    cluster.accept(
        new CreateTopic(
            cluster.drawTopicId(),
            "wide",
            Optional.of(10_000),
            Optional.of(3),
            TreePMap.empty(),
            1));

    var transition = cluster.accept(new FenceNode(ONE, cluster.epoch(1), FenceCause.SILENT));

    assertThat(transition.events()).hasSize(10_001);
    assertThat(cluster.image().partitionIds().map(cluster::partition))
        .allMatch(partition -> partition.hasLeader() && !partition.isr().contains(ONE));
  }

  @Test
  void movesLeadershipsOfAStoppingNodeAndTakesItOutOfIsrsWithOtherMembers() {
    var id = cluster.topicLedBy1(3, Map.of());
    var second = cluster.partition(id).replicaNodes().get(1);
    var alone = cluster.topicLedBy1(1, Map.of());

    cluster.beginShutdown(1);

    assertThat(cluster.partition(id).leader()).contains(second);
    assertThat(cluster.partition(id).isr()).containsExactly(new NodeId(2), new NodeId(3));
    assertInShort(cluster.partition(alone), "leader 1 isr [1] elr {}");
    assertThat(cluster.image().leadsWhatAnotherCould(ONE)).isFalse();
  }

  @Test
  void leavesTheLastMemberOfAnIsrInChargeUntilItIsGone() {
    var id = cluster.topicLedBy1(2, Map.of());
    int other = cluster.partition(id).replicaNodes().get(1).value();
    cluster.fence(other);
    cluster.beginShutdown(1);
    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
    cluster.unfence(other);

    cluster.accept(cluster.proposal(id, 1, other)); // lets the other in, and is relieved at once

    assertInShort(cluster.partition(id), "leader %d isr [%d] elr {}".formatted(other, other));
    assertThat(cluster.partition(id).elr()).isEmpty();
  }

  @Test
  void neverElectsAStoppingNode() {
    var id = cluster.topicLedBy1(3, Map.of());
    cluster.beginShutdown(2);
    cluster.fence(3);
    cluster.fence(1);

    assertThat(cluster.partition(id).hasLeader()).isFalse();
  }

  @Test
  void electsANodeAgainAfterItsCleanRestart() {
    var id = cluster.topicLedBy1(1, Map.of("flush", "os"));
    cluster.beginShutdown(1);
    cluster.fence(1);

    cluster.register(1, LastStop.CLEAN);
    cluster.report(1, TestCluster.log(1, id, 1, 7));
    cluster.unfence(1);

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void takesADamagedReplicaOutOfIsrAndElr() {
    var id = cluster.topicLedBy1(3, Map.of());
    cluster.accept(giveUp(1, id, GiveUpCause.DAMAGED));
    assertThat(cluster.partition(id).isr()).containsExactly(new NodeId(2), new NodeId(3));
    cluster.fence(2);
    assertInShort(cluster.partition(id), "leader 3 isr [3] elr {2=unbroken}");

    cluster.accept(giveUp(2, id, GiveUpCause.DAMAGED));

    assertInShort(cluster.partition(id), "leader 3 isr [3] elr {}");
    assertThat(cluster.partition(id).lastKnown()).containsExactly(new NodeId(2));
  }

  /**
   * It is cut back before it is fetched again, so what its leader proposed for it, or has yet to
   * propose from what it acknowledged before, must not bring it in.
   */
  @Test
  void takesADamagedReplicaForAnotherOneEvenIfItWasNotInSync() {
    var id = cluster.topicLedBy1(3, Map.of());
    cluster.restart(2, TestCluster.log(2, id, 1, 0));
    var before = cluster.partition(id);
    assertThat(before.isr()).doesNotContain(new NodeId(2));

    cluster.accept(giveUp(2, id, GiveUpCause.DAMAGED));

    var after = cluster.partition(id);
    assertThat(after.partitionEpoch()).isEqualTo(before.partitionEpoch().next());
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch());
    assertThat(after.replicaOn(new NodeId(2)).orElseThrow().assignedAt())
        .isEqualTo(after.partitionEpoch());
    assertThat(after.replicaOn(new NodeId(1))).isEqualTo(before.replicaOn(new NodeId(1)));
  }

  @Test
  void keepsThePlaceOfAReplicaWhoseDiskFailedButDoesNotElectItBeforeARestart() {
    var id = cluster.topicLedBy1(1, Map.of());

    cluster.accept(giveUp(1, id, GiveUpCause.STORAGE_FAILED));
    cluster.waitIsOver(id);
    assertInShort(cluster.partition(id), "leader none isr [] elr {1=awaited}");
    cluster.restart(1, TestCluster.log(1, id, 1, 7));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void refusesListsWithoutBound() {
    var id = cluster.topic("orders", 1, Map.of());
    var many = Collections.nCopies(MetadataCommand.ENTRIES_MAX + 1, id);
    var logs = Collections.nCopies(MetadataCommand.ENTRIES_MAX + 1, TestCluster.log(1, id, 1, 1));

    assertThat(
            cluster.refusal(
                new GiveUpReplicas(ONE, cluster.epoch(1), many, GiveUpCause.STORAGE_FAILED)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(cluster.refusal(new ReportLogs(ONE, cluster.epoch(1), logs, true)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private GiveUpReplicas giveUp(int node, PartitionId id, GiveUpCause cause) {
    return new GiveUpReplicas(new NodeId(node), cluster.epoch(node), List.of(id, id), cause);
  }
}
