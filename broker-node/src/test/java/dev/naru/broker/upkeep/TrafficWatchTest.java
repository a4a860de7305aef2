package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.flow.PartitionLoad;
import dev.naru.broker.flow.TrafficTable.Sample;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.liveness.TopicLoad;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All thirty partitions of topic t are led here. */
class TrafficWatchTest {

  private final ClusterImage image = LedCluster.of(1, 30, 1);
  private final List<PartitionId> ids = image.partitionIds().toList();
  private final NodeMeters meters = NodeMeters.create(new NodeId(7));
  private final List<Sample> counters = new ArrayList<>();
  private final TrafficWatch watch = new TrafficWatch(() -> counters, () -> image, meters);
  private long nowNanos;

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void showsTheBusiestPartitionsOnly() {
    look(0);
    look(1_000);

    assertThat(watch.loads()).hasSize(30);
    assertThat(watch.loads()).extracting(PartitionLoad::id).startsWith(ids.get(29), ids.get(28));
    assertThat(series())
        .hasSize(20)
        .anyMatch(line -> line.contains("partition=\"29\"") && line.endsWith(" 5800.0"))
        .noneMatch(line -> line.contains("partition=\"9\""));
  }

  @Test
  void showsNothingOfPartitionsThatAreIdleOrLedElsewhere() {
    look(0);
    look(1_000);
    counters.clear();
    pass();

    assertThat(series()).isEmpty();
    assertThat(watch.loads()).isEmpty();
  }

  /** The controller compares them with those of other nodes. */
  @Test
  void reportsTopicsNowAndThenAndEachReportOnce() {
    look(0);
    assertThat(watch.takeReport()).as("nothing came in yet").isEmpty();
    look(1_000);
    assertThat(watch.takeReport()).as("not every time").isEmpty();
    look(2_000);

    var topic = ids.getFirst().topic();
    assertThat(watch.takeReport())
        .containsExactly(new TopicLoad(topic, 30, 200 * (29 * 30 / 2), 200 * 29, 29));
    assertThat(watch.takeReport()).isEmpty();
  }

  /** Partition p has got so many bytes for each of its number. */
  private void look(int bytes) {
    counters.clear();
    for (var id : ids) {
      counters.add(new Sample(id, (long) bytes * id.partition(), 0));
    }
    pass();
  }

  private void pass() {
    nowNanos += Duration.ofSeconds(5).toNanos();
    watch.look(nowNanos);
  }

  private List<String> series() {
    return meters
        .page()
        .lines()
        .filter(line -> line.startsWith("naru_partition_rate_bytes{"))
        .toList();
  }
}
