package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationState;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A node that is to lead nothing, and stays in sync. */
class DrainRulesTest {

  private static final NodeId ONE = new NodeId(1);

  private final TestCluster cluster = TestCluster.of(3);
  private final PartitionId id = cluster.topicLedBy1(3, Map.of());

  @Test
  void aDrainedNodeLeadsNothingThatAnotherCouldAndStaysInSync() {
    var operation = drain(1);

    assertThat(cluster.partition(id).isLedBy(ONE)).isFalse();
    assertThat(cluster.partition(id).isr()).hasSize(3);
    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.DRAIN);
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
    assertThat(operation(operation).done()).isEqualTo(operation(operation).total());
  }

  @Test
  void itLeadsOnWhereItIsTheOnlyOneInSyncUntilAnotherIs() {
    cluster.accept(cluster.proposal(id, 1));

    var operation = drain(1);
    assertThat(cluster.partition(id).isLedBy(ONE)).isTrue();
    assertThat(operation(operation).state()).isEqualTo(OperationState.RUNNING);

    cluster.accept(cluster.proposal(id, 1, 2));
    assertThat(cluster.partition(id).isLedBy(new NodeId(2))).isTrue();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void whatHasOneCopyStaysAndKeepsNobodyWaiting() {
    var single = cluster.topicLedBy1(1, Map.of());

    var operation = drain(1);

    assertThat(cluster.partition(single).isLedBy(ONE)).isTrue();
    assertThat(operation(operation).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void itStaysDrainedThroughARestartAndIsNotAskedForAsPreferredLeader() {
    drain(1);
    cluster.register(1, LastStop.CLEAN);
    cluster.report(1, TestCluster.log(1, id, 1, 5));
    cluster.unfence(1);
    int leader = cluster.partition(id).leader().orElseThrow().value();
    cluster.accept(cluster.proposal(id, leader, 1));

    cluster.accept(new ElectLeaders(List.of(id), ElectionKind.PREFERRED));

    assertThat(cluster.partition(id).isLedBy(ONE)).isFalse();
  }

  @Test
  void itGetsNoReplicasWhileThereAreEnoughOthers() {
    cluster.start(4);
    drain(1);

    for (int i = 0; i < 10; i++) {
      var placed = cluster.partition(cluster.topic("t-" + i, 3, Map.of()));
      assertThat(placed.replicaNodes()).doesNotContain(ONE);
    }
    var onAll = cluster.partition(cluster.topic("on-all", 4, Map.of()));
    assertThat(onAll.replicaNodes()).contains(ONE);
    assertThat(onAll.isLedBy(ONE)).isFalse();
  }

  @Test
  void whereAllAreDrainedOneOfThemLeads() {
    drain(1);
    drain(2);
    var third = drain(3);

    assertThat(cluster.partition(id).hasLeader()).isTrue();
    assertThat(operation(third).state()).isEqualTo(OperationState.RUNNING);

    cluster.accept(new UndrainNode(ONE));
    assertThat(cluster.partition(id).isLedBy(ONE)).isTrue();
    assertThat(operation(third).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void undrainEndsAnOperationThatIsNotDone() {
    cluster.accept(cluster.proposal(id, 1));
    var operation = drain(1);

    cluster.accept(new UndrainNode(ONE));

    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.NONE);
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(cluster.accept(new UndrainNode(ONE)).events()).isEmpty();
    assertThat(cluster.refusal(new UndrainNode(new NodeId(9)))).isEqualTo(ErrorCode.NODE_NOT_FOUND);
  }

  @Test
  void cancelMakesADrainedNodeWantedAgain() {
    cluster.accept(cluster.proposal(id, 1));
    var operation = drain(1);

    cluster.accept(new CancelOperation(operation));

    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.NONE);
    assertThat(operation(operation).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void aLaterDrainTakesThePlaceOfAnEarlierOne() {
    cluster.accept(cluster.proposal(id, 1));
    var first = drain(1);
    var second = drain(1);

    assertThat(operation(first).state()).isEqualTo(OperationState.CANCELLED);
    cluster.accept(new CancelOperation(second));
    assertThat(cluster.node(1).intent()).isEqualTo(NodeIntent.NONE);
    assertThat(operation(second).state()).isEqualTo(OperationState.CANCELLED);
  }

  private UUID drain(int node) {
    var operation = cluster.draw();
    cluster.accept(new DrainNode(operation, new NodeId(node)));
    return operation;
  }

  private OperationImage operation(UUID operation) {
    return cluster.image().operation(operation).orElseThrow();
  }
}
