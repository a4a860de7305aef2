package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LoadListing;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionLoad;
import dev.naru.client.admin.TopicLoad;
import dev.naru.client.producer.Producer;
import dev.naru.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One partition gets nearly all that is written to a topic, and that can be seen. */
class SkewedTopicTest {

  private static final TopicPartition HOT = new TopicPartition("orders", 4);

  private static final Eventually MEASURED =
      Eventually.allowing("two looks at the counters", Duration.ofSeconds(10))
          .and("a report and what the controller makes of it", Duration.ofSeconds(15))
          .and("a machine that others use too", Duration.ofSeconds(20));

  private final HttpClient http = HttpClient.newHttpClient();
  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).start();
    topics = new Topics(cluster);
    naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
    naru.admin().createTopic(NewTopic.named("orders").partitions(6)).join();
    topics.awaitServed("orders");
  }

  @AfterEach
  void stop() {
    http.close();
    naru.close();
    topics.close();
    cluster.close();
  }

  @Test
  @Tag("S75")
  void itsPartitionIsNamedByTheApiAndTheTopicByAMetricOfTheController() {
    try (var producer = producer()) {
      MEASURED.until(
          "all leaders tell what comes in",
          () -> {
            write(producer);
            return loadsNow().loads().stream().filter(SkewedTopicTest::isWrittenTo).count() == 5;
          });

      var listing = loadsNow();
      assertThat(listing.unheard()).isEmpty();
      assertThat(listing.loads()).hasSize(6);
      var orders = listing.topics().getFirst();
      var busiest = orders.partitions().getFirst();
      assertThat(busiest.partition()).isEqualTo(HOT);
      assertThat(orders.shareOf(busiest)).isBetween(0.5, 1.0);
      assertThat(orders.skew().orElseThrow()).isBetween(3.0, 6.0);
      assertThat(orders).extracting(TopicLoad::topic).isEqualTo("orders");

      MEASURED.until(
          "one node, the active controller, tells of the skew",
          () -> {
            write(producer);
            return series("naru_partition_skew_ratio{").size() == 1;
          });
      assertThat(series("naru_partition_skew_ratio{").getFirst()).contains("topic=\"orders\"");
      assertThat(valueOf(series("naru_partition_skew_ratio{").getFirst())).isBetween(3.0, 6.0);
      assertThat(series("naru_partition_rate_bytes{"))
          .anyMatch(line -> line.contains("partition=\"4\""));
    }
  }

  private static boolean isWrittenTo(PartitionLoad partition) {
    return partition.minute().bytesPerSecond() > 0;
  }

  private LoadListing loadsNow() {
    return naru.admin().partitionLoads("orders").join();
  }

  private Producer<byte[], byte[]> producer() {
    return naru.producer(Codec.bytes(), Codec.bytes()).idempotence(false).build();
  }

  /** Nineteen parts of twenty to one partition. */
  private static void write(Producer<byte[], byte[]> producer) {
    var value = new byte[1_000];
    IntStream.range(0, 100)
        .mapToObj(i ->
            producer.send(
                ProducerRecord.of("orders", new byte[0], value)
                    .withPartition(i % 20 == 0 ? i / 20 : HOT.partition())))
        .toList()
        .forEach(each -> each.join());
  }

  private List<String> series(String prefix) {
    return cluster.running().stream()
        .flatMap(node -> page(node).lines())
        .filter(line -> line.startsWith(prefix))
        .toList();
  }

  private static double valueOf(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  private String page(int node) {
    try {
      var uri = URI.create("http://" + cluster.httpAddress(node) + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
