package dev.naru.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.LoadText.By;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LoadListing;
import dev.naru.client.admin.PartitionLoad;
import dev.naru.client.admin.TrafficRate;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LoadTextTest {

  private final LoadListing listing =
      new LoadListing(
          List.of(
              load("idle", 0, 1, 0, 0),
              load("idle", 1, 2, 0, 0),
              load("orders", 0, 1, 1_000, 5),
              load("orders", 1, 2, 8_000, 10),
              load("orders", 2, 3, 1_000.4, 500),
              load("payments", 0, 1, 2_000, 2)),
          new TreeMap<>());

  @Test
  void namesTheBusiestByBytes() {
    assertThat(LoadText.top(listing, By.BYTES, 2))
        .containsExactly(
            "TOPIC     BYTES/S  RECORDS/S  SHARE   SKEW",
            "orders    10000    515        83.3 %  2.4",
            "payments  2000     2.0        16.7 %  -",
            "",
            "PARTITION   NODE  BYTES/S  RECORDS/S  SHARE",
            "orders/1    2     8000     10         66.7 %",
            "payments/0  1     2000     2.0        16.7 %");
  }

  @Test
  void namesTheBusiestByRecords() {
    assertThat(LoadText.top(listing, By.RECORDS, 1))
        .contains("orders  10000    515        99.6 %  2.4")
        .contains("orders/2   3     1000     500        96.7 %");
  }

  @Test
  @Tag("S75")
  void describesATopicByItsPartitions() {
    assertThat(LoadText.describe(listing.topics().getFirst()))
        .containsExactly(
            "PARTITION  NODE  BYTES/S  RECORDS/S  BYTES/S 5 MIN  SHARE",
            "1          2     8000     10         4000           80.0 %",
            "2          3     1000     500        500            10.0 %",
            "0          1     1000     5.0        500            10.0 %",
            "",
            "skew (busiest to mean): 2.4");
  }

  @Test
  void saysNothingOfTheSkewOfAnIdleTopic() {
    assertThat(LoadText.describe(listing.topics().getLast()))
        .contains("0          1     0.0      0.0        0.0            -")
        .endsWith("skew (busiest to mean): -");
  }

  @Test
  void givesProgramsNumbers() {
    assertThat(JsonWriter.compact(LoadText.json(listing.topics().get(1))))
        .isEqualTo(
            "{\"name\":\"topics/payments\",\"bytesPerSecond\":2000.0,\"recordsPerSecond\":2.0,"
                + "\"partitions\":[{\"partition\":0,\"node\":1,\"bytesPerSecond\":2000.0,"
                + "\"recordsPerSecond\":2.0,\"share\":1.0000}]}");
  }

  private static PartitionLoad load(
      String topic, int partition, int node, double bytes, double records) {
    return new PartitionLoad(
        new TopicPartition(topic, partition),
        node,
        new TrafficRate(bytes, records),
        new TrafficRate(bytes / 2, records / 2));
  }
}
