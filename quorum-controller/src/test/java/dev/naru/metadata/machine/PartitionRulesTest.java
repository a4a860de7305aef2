package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.LastStop;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PartitionRulesTest {

  private final TestCluster cluster = TestCluster.of(4);
  private final PartitionId id = onNodes123();

  @Test
  void shrinksAndExpandsAtTheLeadersWish() {
    var before = cluster.partition(id);

    cluster.accept(cluster.proposal(id, 1, 2));
    assertInShort(cluster.partition(id), "leader 1 isr [1, 2] elr {}");
    cluster.accept(cluster.proposal(id, 1));
    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {2=unbroken}");
    cluster.accept(cluster.proposal(id, 1, 2, 3));

    assertInShort(cluster.partition(id), "leader 1 isr [1, 2, 3] elr {}");
    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(before.leaderEpoch());
    assertThat(cluster.partition(id).partitionEpoch())
        .isEqualTo(new PartitionEpoch(before.partitionEpoch().value() + 3));
  }

  @Test
  void decidesEachOfManyProposalsForItself() {
    var other = onNodes123();
    var late = cluster.proposal(other, 1, 3);
    cluster.accept(cluster.proposal(other, 1, 2));

    cluster.accept(
        new AlterPartitions(List.of(late, cluster.proposal(id, 1, 2), cluster.proposal(id, 1, 3))));

    assertInShort(cluster.partition(id), "leader 1 isr [1, 2] elr {}");
    assertInShort(cluster.partition(other), "leader 1 isr [1, 2] elr {}");
  }

  @Test
  void growsTheElrBeyondTheIsrWhileTheIsrIsTooSmall() {
    cluster.accept(cluster.proposal(id, 1));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {2=unbroken, 3=unbroken}");
    cluster.fence(1);

    // Both hold all that was committed; the first in replica order is as good as any.
    assertThat(cluster.partition(id).isr()).hasSize(1).doesNotContain(new NodeId(1));
    assertThat(cluster.partition(id).elr()).hasSize(2);
  }

  @Test
  void replacesALeaderThatLeavesItselfOut() {
    var before = cluster.partition(id);

    cluster.accept(cluster.proposal(id, 2, 3));

    assertThat(cluster.partition(id).leader()).contains(before.replicaNodes().get(1));
    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(before.leaderEpoch().next());
  }

  @Test
  void refusesOtherEpochsThanThePresentOnes() {
    var good = cluster.proposal(id, 1, 2);
    cluster.accept(cluster.proposal(id, 1, 3));

    assertThat(cluster.refusal(good)).isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
    cluster.fence(1);
    assertThat(cluster.refusal(good)).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    assertThat(cluster.refusal(with(good, new LeaderEpoch(99), good.leader(), good.isr())))
        .isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    cluster.register(1, LastStop.UNCLEAN);
    assertThat(cluster.refusal(good)).isEqualTo(ErrorCode.FENCED_NODE_EPOCH);
  }

  @Test
  void refusesWhoeverDoesNotLead() {
    var good = cluster.proposal(id, 1, 2);

    assertThat(cluster.refusal(with(good, good.leaderEpoch(), cluster.member(2), good.isr())))
        .isEqualTo(ErrorCode.NOT_LEADER);
    assertThat(
            cluster.refusal(
                with(
                    good,
                    good.leaderEpoch(),
                    new IsrMember(new NodeId(1), new NodeEpoch(1_000)),
                    good.isr())))
        .isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH);
  }

  @Test
  void refusesMembersThatMayNotJoin() {
    cluster.accept(cluster.proposal(id, 1));
    var beforeRestart = cluster.member(2);
    cluster.restart(2, TestCluster.log(2, id, 1, 0));
    cluster.fence(3);

    var good = cluster.proposal(id, 1, 2);
    assertThat(cluster.refusal(cluster.proposal(id, 1, 4)))
        .as("no replica")
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(cluster.refusal(cluster.proposal(id, 1, 3)))
        .as("fenced")
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(
            cluster.refusal(
                with(
                    good,
                    good.leaderEpoch(),
                    good.leader(),
                    List.of(good.leader(), beforeRestart))))
        .as("another process")
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    cluster.beginShutdown(2);
    assertThat(cluster.refusal(good)).as("stopping").isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void refusesProposalsThatMakeNoSense() {
    var good = cluster.proposal(id, 1, 2);
    var unknownTopic = new PartitionId(cluster.drawTopicId(), 0);
    var unknownPartition = new PartitionId(id.topic(), 1);

    assertThat(cluster.refusal(cluster.proposal(id))).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(cluster.refusal(cluster.proposal(id, 1, 1))).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(cluster.refusal(cluster.proposal(id, 1, 2, 3))).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(cluster.refusal(of(unknownTopic, good))).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    assertThat(cluster.refusal(of(unknownPartition, good)))
        .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
  }

  @Test
  void passesOverPartitionsThatNeedNoElection() {
    var unknown = new PartitionId(cluster.drawTopicId(), 0);

    var transition =
        cluster.accept(new ElectLeaders(List.of(id, unknown, id), ElectionKind.WAIT_IS_OVER));

    assertThat(transition.events()).isEmpty();
  }

  @Test
  void refusesElectionsWithoutBound() {
    var many = Collections.nCopies(MetadataCommand.ENTRIES_MAX + 1, id);

    assertThat(cluster.refusal(new ElectLeaders(many, ElectionKind.PREFERRED)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private PartitionId onNodes123() {
    while (true) {
      var drawn = cluster.topicLedBy1(3, Map.of());
      if (cluster.partition(drawn).replicaOn(new NodeId(4)).isEmpty()) {
        return drawn;
      }
    }
  }

  private static AlterPartition with(
      AlterPartition good, LeaderEpoch epoch, IsrMember leader, List<IsrMember> isr) {
    return new AlterPartition(good.partition(), epoch, good.partitionEpoch(), leader, isr);
  }

  private static AlterPartition of(PartitionId id, AlterPartition good) {
    return new AlterPartition(
        id, good.leaderEpoch(), good.partitionEpoch(), good.leader(), good.isr());
  }
}
