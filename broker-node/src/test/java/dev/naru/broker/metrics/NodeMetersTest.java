package dev.naru.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LedCluster;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeMetersTest {

  private static final int SERIES_MAX = 20_000;

  private final NodeMeters meters = NodeMeters.create(new NodeId(1));

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void staysWithinItsSeriesWithAThousandTopicsOfTenPartitions() {
    var image = LedCluster.of(3, 10_000, 3);
    PartitionGauges.bind(meters, new NodeId(1), () -> image);
    for (int topic = 0; topic < 1_000; topic++) {
      meters.produced("topic-" + topic, 100, 1);
      meters.fetched("topic-" + topic, 100);
      meters.lost("topic-" + topic, 1);
    }
    for (var code : ErrorCode.values()) {
      for (var api : List.of("produce", "fetch", "metadata", "group", "admin")) {
        meters.refused(api, code);
      }
    }

    assertThat(series()).hasSizeLessThan(SERIES_MAX);
    assertThat(meters.bytesIn()).isEqualTo(100_000);
    assertThat(meters.bytesOut()).isEqualTo(100_000);
  }

  /** A sum over the series of a counter is right, however many topics there are. */
  @Test
  void countsTopicsBeyondTheLimitTogether() {
    for (int topic = 0; topic < 1_000; topic++) {
      meters.produced("topic-" + topic, 100, 1);
    }

    var bytes = series().stream().filter(line -> line.startsWith("naru_bytes_in_total{")).toList();

    assertThat(bytes).hasSize(501).anyMatch(line -> line.contains("topic=\"_other\""));
    assertThat(bytes.stream().mapToDouble(NodeMetersTest::value).sum()).isEqualTo(100_000);
  }

  private List<String> series() {
    return meters.page().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }
}
