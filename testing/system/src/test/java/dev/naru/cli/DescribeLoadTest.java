package dev.naru.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.cli.Commands.Outcome;
import dev.naru.client.Codec;
import dev.naru.client.KeyReporting;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.producer.Producer;
import dev.naru.deploy.ShownMetrics;
import dev.naru.record.Murmur2;
import dev.naru.testing.Eventually;
import dev.naru.testing.cluster.NaruCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * {@code naru topics describe --load} on topics of which one key has most of the records, and what
 * nodes show meanwhile.
 */
@TestInstance(Lifecycle.PER_CLASS) // one cluster for all that is claimed
class DescribeLoadTest {

  private static final int PARTITIONS = 8;
  private static final int HOT =
      Murmur2.partition("a".getBytes(StandardCharsets.UTF_8), PARTITIONS);

  /**
   * The line of a key: its name, its partition, and what part of the partition's records it has.
   */
  private static final Pattern KEY =
      Pattern.compile("(?m)^(?<key>\\S+) +(?<partition>\\d+) +(?<share>[0-9.]+) % +[0-9.]+ %$");

  /** Of the node's busiest partitions. */
  private static final String RATE = BrokerMetric.PARTITION_RATE.id() + "{";

  private static final Eventually TOLD =
      Eventually.allowing("producers to tell of their keys", Duration.ofSeconds(10))
          .and("two looks at the traffic", Duration.ofSeconds(10))
          .and("a machine that others use too", Duration.ofSeconds(20));

  private final NaruCluster cluster = NaruCluster.of(2).start();
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  private final Commands commands = new Commands(cluster.bootstrapServers());

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterAll
  void close() {
    http.close();
    naru.close();
    cluster.close();
  }

  @Test
  @Tag("S75")
  void namesTheKeyThatOnlyItsHashIsToldOf() {
    create("hashed");
    try (var producer = producer(KeyReporting.HASHED)) {
      awaitKey(producer, "hashed");
    }

    var json = run("topics", "describe", "hashed", "--load", "-o", "json").stdout();
    assertThat(json).contains("\"key\": \"a\"").contains("\"hash\": \"" + hash() + "\"");
  }

  @Test
  void namesTheKeyThatProducersShow() {
    create("plain");
    try (var producer = producer(KeyReporting.PLAIN)) {
      awaitKey(producer, "plain");
    }
  }

  @Test
  void showsOfPartitionsAndPhasesWhatTheManualSays() throws IOException {
    create("shown");
    System.gc(); // of which a panel asks how long it took
    try (var producer = producer(KeyReporting.HASHED)) {
      TOLD.until(
          "both nodes show the partitions that are busy",
          () -> {
            write(producer, "shown");
            return cluster.running().stream()
                .map(this::page)
                .allMatch(page -> page.contains(RATE) && page.contains(ShownMetrics.PAUSES));
          });
    }

    for (int node : cluster.running()) {
      ShownMetrics.assertAsThePagesSay(page(node));
    }
  }

  private String page(int node) {
    var uri = URI.create("http://" + cluster.httpAddress(node) + "/metrics");
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void create(String topic) {
    naru.admin()
        .createTopic(NewTopic.named(topic).partitions(PARTITIONS).replicationFactor(2))
        .join();
  }

  private static String hash() {
    return "%016x".formatted(Murmur2.hash64("a".getBytes(StandardCharsets.UTF_8)));
  }

  private void awaitKey(Producer<String, byte[]> producer, String topic) {
    TOLD.untilAsserted(
        "the key is named",
        () -> {
          write(producer, topic);
          var told = run("topics", "describe", topic, "--load");
          assertThat(told.stderr()).isEmpty();
          var found = KEY.matcher(told.stdout());
          assertThat(found.find()).as(told.stdout()).isTrue();
          assertThat(found.group("key")).isEqualTo("a");
          assertThat(found.group("partition")).isEqualTo(Integer.toString(HOT));
          // Of the 1,000 keys with a fifth of the records, an eighth go the same way.
          assertThat(Double.parseDouble(found.group("share"))).isBetween(85.0, 100.0);
        });
  }

  private Producer<String, byte[]> producer(KeyReporting reporting) {
    return naru.producer(Codec.utf8(), Codec.bytes()).keyReporting(reporting).build();
  }

  /** Four of five records have key a. */
  private static void write(Producer<String, byte[]> producer, String topic) {
    var sent = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 2_000; i++) {
      var key = i % 5 < 4 ? "a" : "key-" + i;
      sent.add(producer.send(ProducerRecord.of(topic, key, new byte[100])));
    }
    sent.forEach(CompletableFuture::join);
  }

  private Outcome run(String... words) {
    return commands.run(words);
  }
}
