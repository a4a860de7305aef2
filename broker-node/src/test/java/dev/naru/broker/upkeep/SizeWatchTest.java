package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.LedCluster;
import dev.naru.broker.upkeep.SizeWatch.Size;
import dev.naru.types.NodeId;
import org.junit.jupiter.api.Test;

class SizeWatchTest {

  @Test
  void showsTheLargestAndNoneThatIsEmpty() {
    var image = LedCluster.of(1, 30, 1);
    try (var meters = NodeMeters.create(new NodeId(7))) {
      var watch =
          new SizeWatch(
              () -> image.partitionIds().map(id -> new Size(id, 100L * id.partition())),
              () -> image,
              meters);

      watch.look();

      assertThat(
              meters.page().lines().filter(line -> line.startsWith("naru_partition_size_bytes{")))
          .hasSize(20)
          .anyMatch(line -> line.contains("partition=\"29\"") && line.endsWith(" 2900.0"))
          .noneMatch(line -> line.contains("partition=\"9\""));
    }
  }
}
