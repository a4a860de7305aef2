package dev.naru.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.YamlWriter;
import dev.naru.cli.output.RebalanceText;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NodeShare;
import dev.naru.client.admin.NodeShare.Share;
import dev.naru.client.admin.PlannedChange;
import dev.naru.client.admin.RebalanceAim;
import dev.naru.client.admin.RebalancePlan;
import dev.naru.client.admin.Rebalancing;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebalanceFileTest {

  private static final PlannedChange CHANGE =
      new PlannedChange(
          new TopicPartition("orders", 3),
          "6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10",
          OptionalInt.of(7),
          List.of(1, 2),
          List.of(1, 4),
          OptionalInt.of(1),
          5L << 30,
          "node 2 counts 10 GiB, node 4 counts 0 B");

  private static final RebalancePlan PLAN =
      new RebalancePlan(
          RebalanceAim.BYTES,
          1234,
          List.of(CHANGE),
          List.of(
              new NodeShare(
                  2,
                  new Share(3, 6, 10L << 30, OptionalDouble.of(0.5)),
                  new Share(3, 5, 5L << 30, OptionalDouble.of(0.25)))),
          List.of("left out: node 3 (drained)"),
          false);

  @Test
  void readsWhatAPlanPrints() {
    var text = YamlWriter.document(RebalanceText.file(PLAN));

    assertThat(text)
        .contains("by: bytes")
        .contains("replicas: 6 -> 5")
        .contains("bytes: 10.0 GiB -> 5.0 GiB")
        .contains("diskUsed: 50.0 % -> 25.0 %");
    var read = RebalanceFile.parse(text);
    assertThat(read.changes()).containsExactly(CHANGE);
    assertThat(read.metadataIndex()).isEqualTo(1234);
    assertThat(read.aim()).isEqualTo(RebalanceAim.BYTES);
  }

  @Test
  void readsAPlanOfTenThousandPartitionsWithLongNames() {
    var name = "n".repeat(249);
    var changes =
        IntStream.range(0, Rebalancing.PARTITIONS_MAX)
            .mapToObj(number ->
                new PlannedChange(
                    new TopicPartition(name, number),
                    CHANGE.topicUid(),
                    CHANGE.partitionEpoch(),
                    List.of(101, 102, 103),
                    List.of(101, 102, 104),
                    CHANGE.leader(),
                    CHANGE.bytes(),
                    CHANGE.why()))
            .toList();

    var text = YamlWriter.document(RebalanceText.file(PLAN.withChanges(changes)));

    assertThat(RebalanceFile.parse(text).changes()).isEqualTo(changes);
  }

  @Test
  void refusesWhatIsNestedTooDeeplyAndShowsOnlyTheBeginningOfWhatIsWrong() {
    assertThatThrownBy(() -> RebalanceFile.parse("[".repeat(1 << 20)))
        .isInstanceOf(CommandFailure.class);
    assertThatThrownBy(() ->
            RebalanceFile.parse(
                "by: bytes\nmetadataIndex: 1\npartitions: [" + "x".repeat(10_000) + "]"))
        .isInstanceOf(CommandFailure.class)
        .satisfies(why -> assertThat(String.valueOf(why.getMessage())).hasSizeLessThan(500));
  }

  /** Whoever wants it carried out although it is old can do that, and says so by the command. */
  @Test
  void isAPlanForPartitionsReassignToo() {
    assertThat(ReassignmentPlan.parse(YamlWriter.document(RebalanceText.file(PLAN))))
        .isEqualTo(Map.of(new TopicPartition("orders", 3), List.of(1, 4)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "partitions: [{partition: o/3, nodes: [1], from: [2], topicUid: u, partitionEpoch: 1}]",
        "{by: weight, metadataIndex: 1, partitions: []}",
        "{by: bytes, metadataIndex: x, partitions: []}",
        "{by: bytes, metadataIndex: 1, partitions: [{partition: orders/3, nodes: [1]}]}",
        "{by: bytes, metadataIndex: 1, partitions: [{partition: orders/3, nodes: [1], from: [2],"
            + " topicUid: u}]}",
        "{by: bytes, metadataIndex: 1, partitions: [{partition: orders/3, nodes: [1], from: [2],"
            + " topicUid: u, partitionEpoch: x}]}",
        "{by: bytes, metadataIndex: 1, partitions: [{partition: o/3, nodes: [1], from: [2], topicUid: u, partitionEpoch: 1},"
            + " {partition: o/3, nodes: [1], from: [2], topicUid: u, partitionEpoch: 1}]}",
      })
  void refusesWhatNoPlanSays(String text) {
    assertThatThrownBy(() -> RebalanceFile.parse(text))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("Expected ");
  }
}
