package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How far a group is behind that nobody reads for, as the metrics of real nodes tell. */
class LagTest {

  private static final String OFFSETS_TOPIC = "__consumer_offsets";
  private static final TopicPartition FIRST = new TopicPartition("orders", 0);
  private static final TopicPartition SECOND = new TopicPartition("orders", 1);

  /** Looks are ten seconds apart, and one that is under way has seen what was. */
  private static final Eventually MEASURED =
      Eventually.allowing("two looks at the groups", Duration.ofSeconds(20))
          .and("a leader that does not answer", Duration.ofSeconds(6));

  private static final Eventually MOVED =
      Eventually.allowing("a failover", Duration.ofSeconds(10))
          .and("a coordinator that loads", Duration.ofSeconds(5))
          .and("two looks at the groups", Duration.ofSeconds(20));

  private final HttpClient http = HttpClient.newHttpClient();
  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).with("offsets.topic.num.partitions", "1").start();
    topics = new Topics(cluster);
    naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
    naru.admin().createTopic(NewTopic.named("orders").partitions(2)).join();
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
  @Tag("S96")
  void ofAGroupWithoutMembersIsTheTrueOneAndGrows() {
    write(FIRST, 100);
    write(SECOND, 50);
    commit(Map.of(FIRST, 40L, SECOND, 50L));

    MEASURED.until(
        "its coordinator tells of the records", () -> records().equals(Optional.of(60.0)));
    double age = seconds().orElseThrow();
    assertThat(age).isBetween(0.0, 60.0);

    write(SECOND, 30);
    MEASURED.until("it has grown", () -> records().equals(Optional.of(90.0)));
    assertThat(seconds().orElseThrow()).isGreaterThan(age);

    commit(Map.of(FIRST, 100L, SECOND, 80L));
    MEASURED.until("nothing is behind", () -> records().equals(Optional.of(0.0)));
    assertThat(seconds()).contains(0.0);
  }

  /** Deleted records are behind nobody: they will not be read. */
  @Test
  void countsOnlyWhatIsKept() {
    write(FIRST, 100);
    commit(Map.of(FIRST, 10L));
    naru.admin().truncate(FIRST, Position.offset(70)).join();

    MEASURED.until("thirty are left", () -> records().equals(Optional.of(30.0)));
  }

  @Test
  void isToldByOneNodeOnlyWhenTheCoordinatorMoves() {
    write(FIRST, 100);
    commit(Map.of(FIRST, 40L));
    MEASURED.until("its coordinator tells", () -> records().equals(Optional.of(60.0)));
    int first = topics.leaderOf(OFFSETS_TOPIC, 0);

    cluster.stop(first);
    MOVED.until("its successor tells", () -> records().equals(Optional.of(60.0)));
    cluster.start(first);
    topics.awaitIsr(OFFSETS_TOPIC, 0, 3);
    int second = topics.leaderOf(OFFSETS_TOPIC, 0);
    assertThat(second).isNotEqualTo(first);
    naru.admin().electPreferredLeaders(List.of(new TopicPartition(OFFSETS_TOPIC, 0))).join();

    MOVED.until(
        "the first tells again",
        () -> {
          var told = series(first); // first its own, then what the other tells later
          var toldElsewhere = series(second);
          assertThat(told.isPresent() && toldElsewhere.isPresent())
              .as("told by both: %s and then %s", told, toldElsewhere)
              .isFalse();
          return told.isPresent();
        });
    assertThat(records()).contains(60.0);
  }

  // ---- what the group does

  private void write(TopicPartition to, int records) {
    try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
      IntStream.range(0, records)
          .mapToObj(i ->
              producer.send(
                  ProducerRecord.of(to.topic(), new byte[0], new byte[10])
                      .withPartition(to.partition())))
          .toList()
          .forEach(each -> each.join());
    }
  }

  /** As an application that assigns partitions itself; it goes at once. */
  private void commit(Map<TopicPartition, Long> offsets) {
    try (var consumer = naru.consumer(Codec.bytes(), Codec.bytes()).groupId("app").build()) {
      consumer.assign(offsets.keySet());
      consumer.commit(
          offsets.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue()))));
    }
  }

  // ---- what nodes tell

  /** What all nodes together tell; a group that two tell of would be counted twice. */
  private Optional<Double> records() {
    return sum("naru_group_lag_records");
  }

  private Optional<Double> seconds() {
    return sum("naru_group_lag_seconds");
  }

  private Optional<Double> sum(String metric) {
    var told = cluster.running().stream().flatMap(node -> series(node, metric).stream()).toList();
    return told.isEmpty()
        ? Optional.empty()
        : Optional.of(told.stream().mapToDouble(Double::doubleValue).sum());
  }

  private Optional<Double> series(int node) {
    return series(node, "naru_group_lag_records");
  }

  private Optional<Double> series(int node, String metric) {
    return page(node)
        .lines()
        .filter(line -> line.startsWith(metric + "{") && line.contains("group=\"app\""))
        .peek(line -> assertThat(line).contains("topic=\"orders\""))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst();
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
