package dev.naru.metadata.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElectionWaitsTest {

  private static final long START = -5;

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void callsForAnElectionWhenThoseAbsentHadTheirTime() {
    var id = waiting();

    var waits = ElectionWaits.NONE.seen(cluster.image(), START).seen(cluster.image(), START + 9);

    assertThat(waits.due(START + ElectionWaits.WAIT_NANOS - 1)).isEmpty();
    assertThat(waits.due(START + ElectionWaits.WAIT_NANOS))
        .containsExactly(new ElectLeaders(List.of(id), ElectionKind.WAIT_IS_OVER));
  }

  /** Nobody could come back to a controller that stood still. */
  @Test
  void aPauseOfTheControllerIsNoWait() {
    waiting();

    var waits = ElectionWaits.NONE.seen(cluster.image(), START).withoutPause(1_000);

    assertThat(waits.due(START + ElectionWaits.WAIT_NANOS + 999)).isEmpty();
    assertThat(waits.due(START + ElectionWaits.WAIT_NANOS + 1_000)).isNotEmpty();
  }

  @Test
  void forgetsPartitionsThatFoundTheirLeader() {
    var id = waiting();
    var waits = ElectionWaits.NONE.seen(cluster.image(), START);

    cluster.waitIsOver(id);

    assertThat(waits.seen(cluster.image(), START + 1)).isEqualTo(ElectionWaits.NONE);
  }

  @Test
  void doesNotWaitWhereNobodyCouldBeElected() {
    cluster.topicLedBy1(1, Map.of());
    cluster.fence(1);

    assertThat(ElectionWaits.NONE.seen(cluster.image(), START)).isEqualTo(ElectionWaits.NONE);
  }

  /** Three replicas: one restarted and is back, another one is gone. */
  private PartitionId waiting() {
    var id = cluster.topicLedBy1(3, Map.of());
    cluster.register(1, LastStop.UNCLEAN);
    cluster.register(2, LastStop.UNCLEAN);
    cluster.fence(3);
    cluster.report(2, TestCluster.log(2, id, 1, 4));
    cluster.unfence(2);
    return id;
  }
}
