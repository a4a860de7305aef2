package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationState;
import dev.naru.metadata.liveness.RecoveryWaits;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Partitions on their way that have nobody safe left, of topics that go on with what is there. */
class MoveRecoveryTest {

  private final TestCluster cluster = TestCluster.of(3);

  /** On nodes 1 to 3, led by node 1; node 4 is empty. */
  private final PartitionId id =
      cluster.topicLedBy1(3, Map.of("recovery.mode", "available", "min.insync.replicas", "1"));

  /** As that, but what is acknowledged is in the page caches of two nodes. */
  private final PartitionId cached =
      cluster.topicLedBy1(3, Map.of("flush", "os", "min.insync.replicas", "2"));

  MoveRecoveryTest() {
    cluster.start(4);
  }

  @Test
  void noModeTakesAReplicaThatAMoveHasJustAddedForAllThereIs() {
    move(2, 3, 4);
    loseAllOldOnes();

    assertThat(waiting()).as("with 4 alone").isEmpty();
    assertThat(cluster.refusal(recovery(4, answer(4, 1, 5))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(cluster.partition(id).hasLeader()).isFalse();

    cluster.unfence(2);
    assertThat(waiting()).containsExactly(id);
    cluster.accept(recovery(2, answer(4, 1, 5), answer(2, 1, 90)));
    assertInShort(cluster.partition(id), "leader 2 isr [2] elr {}");
  }

  /** Else the mode would give up what is there. */
  @Test
  void besideOneThatWasThereBeforeTheGreatestLogLeads() {
    move(2, 3, 4);
    loseAllOldOnes();
    cluster.unfence(2);

    cluster.accept(recovery(4, answer(2, 1, 90), answer(4, 1, 100)));

    assertInShort(cluster.partition(id), "leader 4 isr [4] elr {}");
  }

  @Test
  void oneWhoseLogCannotBeUsedVouchesForNobody() {
    move(2, 3, 4);
    loseAllOldOnes();
    cluster.unfence(2);

    var damaged = LogAnswer.damaged(new NodeId(2), cluster.epoch(2));

    assertThat(cluster.refusal(recovery(4, damaged, answer(4, 1, 5))))
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void anOperatorMayNameIt() {
    move(2, 3, 4);
    loseAllOldOnes();
    var all = List.of(answer(4, 1, 5));
    var shown =
        ShownLoss.of(
            RecoveryChoice.loss(cluster.partition(id), all, all.getFirst(), LossCause.OPERATOR));

    cluster.accept(recovery(4, Optional.of(shown), all.getFirst()));

    assertInShort(cluster.partition(id), "leader 4 isr [4] elr {}");
  }

  @Test
  void aMoveBeginsOnceSomebodyLeads() {
    cluster.accept(cluster.proposal(id, 1));
    cluster.fence(1);
    assertThat(cluster.partition(id).hasLeader()).isFalse();

    var operation = move(2, 3, 4);

    assertThat(cluster.partition(id).move()).isEmpty();
    assertThat(operation(operation).waiting()).containsOnlyKeys(id);
    cluster.unfence(1);
    assertThat(cluster.partition(id).move()).isPresent();
    assertThat(operation(operation).moving()).containsExactly(id);
  }

  /** Its whole log would be no replica any more in the entry that elects the empty one. */
  @Test
  void whatIsOnADeadNodeAloneStaysItsReplica() {
    var single =
        cluster.topicLedBy1(1, Map.of("recovery.mode", "available", "min.insync.replicas", "1"));
    cluster.fence(1);

    var operation = cluster.draw();
    cluster.accept(
        new ReassignPartitions(
            operation, List.of(new Placement(single, nodes(4))), OptionalLong.empty()));

    assertThat(cluster.partition(single).replicaNodes()).isEqualTo(nodes(1));
    cluster.accept(new CancelOperation(operation));
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
  }

  /** What 1 and 4 have acknowledged would be on node 1 alone, though 4 may well have it yet. */
  @Test
  void aMoveThatIsCancelledTakesNobodyAwayWhoWasLastKnown() {
    var operation = move(cached, 2, 3, 4);
    cluster.accept(cluster.proposal(cached, 1, 4));
    cluster.accept(new CancelOperation(operation));

    cluster.restart(4, TestCluster.log(4, cached, 1, 100));

    assertInShort(cluster.partition(cached), "leader 1 isr [1] elr {}");
    assertThat(cluster.partition(cached).lastKnown()).containsExactly(new NodeId(4));
    assertThat(cluster.partition(cached).replicaOn(new NodeId(4))).isPresent();
    cluster.accept(cluster.proposal(cached, 1, 2));
    assertThat(cluster.partition(cached).replicaOn(new NodeId(4))).isEmpty();
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
  }

  /** Node 1 is the last one in sync, and goes after the others. */
  private void loseAllOldOnes() {
    if (cluster.partition(id).isr().size() > 1) {
      cluster.accept(cluster.proposal(id, 1));
    }
    cluster.fence(2);
    cluster.fence(3);
    cluster.fence(1);
    assertThat(cluster.partition(id).hasLeader()).isFalse();
  }

  private List<PartitionId> waiting() {
    return RecoveryWaits.NONE.seen(cluster.image(), 0).due(cluster.image(), 1);
  }

  private RecoverPartitions recovery(int choice, LogAnswer... answers) {
    return recovery(choice, Optional.empty(), answers);
  }

  private RecoverPartitions recovery(int choice, Optional<ShownLoss> shown, LogAnswer... answers) {
    return new RecoverPartitions(
        List.of(
            new Recovery(
                id,
                cluster.partition(id).partitionEpoch(),
                List.of(answers),
                new NodeId(choice),
                shown)));
  }

  private LogAnswer answer(int node, int epoch, long end) {
    var log = LeaderlessPartition.log(epoch, end);
    return new LogAnswer(new NodeId(node), cluster.epoch(node), log, log, 0, 0, false);
  }

  private UUID move(int... to) {
    return move(id, to);
  }

  private UUID move(PartitionId partition, int... to) {
    var operation = cluster.draw();
    cluster.accept(
        new ReassignPartitions(
            operation, List.of(new Placement(partition, nodes(to))), OptionalLong.empty()));
    return operation;
  }

  private OperationImage operation(UUID operation) {
    return cluster.image().operation(operation).orElseThrow();
  }

  private static List<NodeId> nodes(int... ids) {
    return IntStream.of(ids).mapToObj(NodeId::new).toList();
  }
}
