package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.event.MetadataEvent.NodeIntended;
import dev.naru.metadata.event.MetadataEvent.NodeSuspected;
import dev.naru.metadata.event.MetadataEvent.PartitionChanged;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.NodeState;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What moves and drained nodes change about leaders that are at fault, or not. */
class MoveSuspicionTest {

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final NodeId THREE = new NodeId(3);

  private final TestCluster cluster = TestCluster.of(3);

  /** Only node 2 lags; node 3 has yet to copy all. */
  @Test
  void aReplicaThatAMoveHasAddedIsNoSecondFollowerThatWasLost() {
    var proposals = new ArrayList<AlterPartition>();
    for (int i = 0; i < 3; i++) {
      var id = on1And2();
      var placements = List.of(new Placement(id, List.of(ONE, THREE)));
      cluster.accept(new ReassignPartitions(cluster.draw(), placements, OptionalLong.empty()));
      proposals.add(cluster.proposal(id, 1));
    }

    cluster.accept(new AlterPartitions(proposals));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.ACTIVE);
    assertThat(proposals)
        .allMatch(each -> cluster.partition(each.partition()).isr().equals(isrOf1()));
  }

  /** Nothing that becomes known of node 3 makes node 2 any better. */
  @Test
  void aDrainedLeaderHandsNothingToOneThatIsSuspected() {
    var id = on1And2();
    var image = cluster.image();
    image = MetadataMachine.evolve(image, new NodeSuspected(TWO));
    image = MetadataMachine.evolve(image, new NodeIntended(ONE, NodeIntent.DRAIN));

    assertThat(SuspicionRules.suspected(image, Set.of(THREE)))
        .noneMatch(
            event -> event instanceof PartitionChanged(var changed, _, _) && changed.equals(id));
  }

  private static Set<NodeId> isrOf1() {
    return Set.of(ONE);
  }

  private PartitionId on1And2() {
    var id = cluster.topicLedBy1(2, Map.of());
    while (!cluster.partition(id).replicaNodes().equals(List.of(ONE, TWO))) {
      cluster.accept(new DeleteTopic(id.topic()));
      id = cluster.topicLedBy1(2, Map.of());
    }
    return id;
  }
}
