package dev.naru.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.client.TopicPartition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReassignmentPlanTest {

  @Test
  void readsWhatADryRunPrints() {
    var plan =
        """
        partitions:
        - partition: orders/3
          nodes:
          - 1
          - 4
        - partition: orders/0
          nodes: [2, 1]
        """;

    assertThat(ReassignmentPlan.parse(plan))
        .isEqualTo(
            Map.of(
                new TopicPartition("orders", 3), List.of(1, 4),
                new TopicPartition("orders", 0), List.of(2, 1)));
  }

  @Test
  void readsJson() {
    var plan = "{\"partitions\": [{\"partition\": \"orders/3\", \"nodes\": [1, 4]}]}";

    assertThat(ReassignmentPlan.parse(plan)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "partitions: 7",
        "partitions: [{partition: orders, nodes: [1]}]",
        "partitions: [{partition: orders/3, nodes: [one]}]",
        "partitions: [{partition: orders/3}]",
        "partitions: [{partition: orders/3, nodes: [1]}, {partition: orders/3, nodes: [2]}]",
      })
  void saysWhatIsWrongWithAPlan(String text) {
    assertThatThrownBy(() -> ReassignmentPlan.parse(text))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("Expected");
  }
}
