package dev.naru.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.LoadText.By;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.HotKey;
import dev.naru.client.admin.LoadListing;
import dev.naru.client.admin.PartitionLoad;
import dev.naru.client.admin.TopicLoad;
import dev.naru.client.admin.TrafficRate;
import dev.naru.record.Murmur2;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
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
    assertThat(LoadText.describe(listing.topics().getFirst(), HotKeyNames.none()))
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
    assertThat(LoadText.describe(listing.topics().getLast(), HotKeyNames.none()))
        .contains("0          1     0.0      0.0        0.0            -")
        .endsWith("skew (busiest to mean): -");
  }

  @Test
  void givesProgramsNumbers() {
    assertThat(JsonWriter.compact(LoadText.json(listing.topics().get(1))))
        .isEqualTo(
            "{\"name\":\"topics/payments\",\"bytesPerSecond\":2000.0,\"recordsPerSecond\":2.0,"
                + "\"partitions\":[{\"partition\":0,\"node\":1,\"bytesPerSecond\":2000.0,"
                + "\"recordsPerSecond\":2.0,\"share\":1.0000,\"hotKeys\":[]}]}");
  }

  /** Two of them are known by their hashes only; one producer shows its keys. */
  private static TopicLoad hot() {
    var bytes = Optional.of(ByteBuffer.wrap(new byte[] {(byte) 0xff, 1}));
    return new LoadListing(
            List.of(
                load(
                    "orders",
                    4,
                    2,
                    8_000,
                    900,
                    new HotKey(Murmur2.hash64("a".getBytes(UTF_8)), Optional.empty(), 0.952),
                    new HotKey(7, Optional.empty(), 0.049)),
                load("orders", 1, 1, 1_000, 100, new HotKey(0x10, bytes, 0.5)),
                load("orders", 2, 1, 0, 0, new HotKey(0x9f3a_01c2L, Optional.empty(), 0.3))),
            new TreeMap<>())
        .topics()
        .getFirst();
  }

  @Test
  void namesTheKeysThatMostRecordsHave() {
    var names = HotKeyNames.none();
    names.found(
        new TopicPartition("orders", 4),
        Murmur2.hash64("a".getBytes(UTF_8)),
        ByteBuffer.wrap("a".getBytes(UTF_8)));

    assertThat(LoadText.describe(hot(), names))
        .endsWith(
            "",
            "HOT KEY            PARTITION  OF ITS RECORDS  OF THE TOPIC'S",
            "a                  4          95.2 %          85.7 %",
            "0xff01             1          50.0 %          5.0 %",
            "#000000009f3a01c2  2          30.0 %          0.0 %");
    assertThat(LoadText.describe(hot(), HotKeyNames.none()))
        .anyMatch(line -> line.startsWith("#") && line.endsWith("85.7 %"));
    assertThat(HotKeyNames.nameless(hot()))
        .containsOnlyKeys(new TopicPartition("orders", 4), new TopicPartition("orders", 2));
  }

  @Test
  void givesProgramsHashesAndKeys() {
    var names = HotKeyNames.none();
    names.found(new TopicPartition("orders", 4), 7, ByteBuffer.wrap("b".getBytes(UTF_8)));

    assertThat(JsonWriter.compact(LoadText.json(hot(), names)))
        .contains("{\"hash\":\"0000000000000007\",\"key\":\"b\",\"share\":0.0490}")
        .contains("{\"hash\":\"0000000000000010\",\"keyBase64\":\"/wE=\",\"share\":0.5000}")
        .contains("{\"hash\":\"000000009f3a01c2\",\"share\":0.3000}");
  }

  private static PartitionLoad load(
      String topic, int partition, int node, double bytes, double records, HotKey... hotKeys) {
    return new PartitionLoad(
        new TopicPartition(topic, partition),
        node,
        new TrafficRate(bytes, records),
        new TrafficRate(bytes / 2, records / 2),
        List.of(hotKeys));
  }
}
