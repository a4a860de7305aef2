package dev.naru.metadata.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** Topic orders has twelve partitions, of which each of three nodes leads four. */
class LoadLedgerTest {

  private static final long SECOND = 1_000_000_000L;

  private final TestCluster cluster = TestCluster.of(3);
  private final TopicId orders = topic("orders", 12);
  private final LoadLedger ledger = new LoadLedger();

  @Test
  void comparesTheBusiestOfAllNodesWithTheMeanOfAllPartitions() {
    heard(1, orders, 4_000, 1_000, 1, 0);
    heard(2, orders, 4_000, 1_000, 2, 0);
    heard(3, orders, 4_000, 1_000, 3, 0);
    assertThat(skews(0)).containsExactly(new TopicSkew("orders", 1.0, 1));

    heard(2, orders, 100_000, 97_000, 5, SECOND);

    assertThat(skews(SECOND)).hasSize(1);
    assertThat(skews(SECOND).getFirst().ratio()).isBetween(10.77, 10.78);
    assertThat(skews(SECOND).getFirst().busiestPartition()).isEqualTo(5);
  }

  @Test
  void saysNothingOfATopicThatIsIdleOrHasOnePartition() {
    var single = topic("single", 1);

    heard(1, orders, 1_023, 1_023, 0, 0);
    ledger.heard(new NodeId(2), List.of(new TopicLoad(single, 1, 90_000, 90_000, 0)), 0);
    assertThat(skews(0)).isEmpty();

    heard(1, orders, 1_024, 1_024, 0, 0);
    cluster.accept(new AddPartitions(single, 2, 1));
    assertThat(skews(0)).extracting(TopicSkew::topic).containsExactly("orders", "single");
  }

  /** Others lead what it led, and would be counted beside it. */
  @Test
  void forgetsANodeThatFellSilent() {
    heard(1, orders, 40_000, 40_000, 1, 0);
    heard(2, orders, 10_000, 2_500, 2, 20 * SECOND);

    assertThat(skews(30 * SECOND).getFirst().busiestPartition()).isEqualTo(1);
    assertThat(skews(31 * SECOND).getFirst().busiestPartition()).isEqualTo(2);
    assertThat(skews(51 * SECOND)).isEmpty();
  }

  @Test
  void doesNotTakeItsOwnPauseForTheSilenceOfNodes() {
    heard(1, orders, 40_000, 40_000, 1, 0);

    ledger.paused(60 * SECOND);

    assertThat(skews(80 * SECOND)).hasSize(1);
  }

  /** Between two measurements nodes say nothing, and mean nothing by it. */
  @Test
  void keepsWhatWasSaidUntilTheNextMeasurement() {
    heard(1, orders, 40_000, 40_000, 1, 0);

    ledger.heard(new NodeId(1), List.of(), SECOND);

    assertThat(skews(SECOND)).hasSize(1);
  }

  @Test
  void forgetsTopicsThatAreGone() {
    ledger.heard(new NodeId(1), List.of(new TopicLoad(TopicId.of(5, 5), 1, 9_999, 9_999, 0)), 0);

    assertThat(skews(0)).isEmpty();
  }

  @Test
  void tellsOfTheBusiestTopicsOnly() {
    var many = IntStream.range(0, 600).mapToObj(i -> topic("t-%03d".formatted(i), 2)).toList();
    for (int node = 0; node < 6; node++) {
      var loads = new ArrayList<TopicLoad>();
      for (int i = node * 100; i < node * 100 + 100; i++) {
        loads.add(new TopicLoad(many.get(i), 2, 2_000 + i, 1_000, 0));
      }
      loads.add(new TopicLoad(orders, 4, 1_000_000, 1_000, 0)); // more than a report has
      ledger.heard(new NodeId(node), loads, 0);
    }

    assertThat(skews(0)).hasSize(500).first().extracting(TopicSkew::topic).isEqualTo("t-100");
  }

  private void heard(
      int node, TopicId topic, long bytes, long busiestBytes, int busiest, long nowNanos) {
    ledger.heard(
        new NodeId(node), List.of(new TopicLoad(topic, 4, bytes, busiestBytes, busiest)), nowNanos);
  }

  private List<TopicSkew> skews(long nowNanos) {
    return ledger.skews(cluster.image(), nowNanos);
  }

  private TopicId topic(String name, int partitions) {
    var id = cluster.drawTopicId();
    cluster.accept(
        new CreateTopic(
            id, name, Optional.of(partitions), Optional.of(1), TreePMap.empty(), partitions));
    return id;
  }
}
