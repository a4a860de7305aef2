package dev.naru.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.Commands.Outcome;
import dev.naru.client.Codec;
import dev.naru.client.KeyReporting;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.producer.Producer;
import dev.naru.record.Murmur2;
import dev.naru.testing.Eventually;
import dev.naru.testing.cluster.NaruCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code naru topics describe --load} on a topic of which one key has most of the records. */
class DescribeLoadTest {

  private static final int PARTITIONS = 8;
  private static final int HOT =
      Murmur2.partition("a".getBytes(StandardCharsets.UTF_8), PARTITIONS);

  /**
   * The line of a key: its name, its partition, and what part of the partition's records it has.
   */
  private static final Pattern KEY =
      Pattern.compile("(?m)^(?<key>\\S+) +(?<partition>\\d+) +(?<share>[0-9.]+) % +[0-9.]+ %$");

  private static final Eventually TOLD =
      Eventually.allowing("producers to tell of their keys", Duration.ofSeconds(10))
          .and("two looks at the traffic", Duration.ofSeconds(10))
          .and("a machine that others use too", Duration.ofSeconds(20));

  private final NaruCluster cluster = NaruCluster.of(2).start();
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  private final Commands commands = new Commands(cluster.bootstrapServers());

  @BeforeEach
  void create() {
    naru.admin()
        .createTopic(NewTopic.named("orders").partitions(PARTITIONS).replicationFactor(2))
        .join();
  }

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  @Tag("S75")
  void namesTheKeyThatOnlyItsHashIsToldOf() {
    try (var producer = producer(KeyReporting.HASHED)) {
      awaitKey(producer, "a");
    }

    var json = run("topics", "describe", "orders", "--load", "-o", "json").stdout();
    assertThat(json).contains("\"key\": \"a\"").contains("\"hash\": \"" + hash() + "\"");
  }

  @Test
  void namesTheKeyThatProducersShow() {
    try (var producer = producer(KeyReporting.PLAIN)) {
      awaitKey(producer, "a");
    }
  }

  private static String hash() {
    return "%016x".formatted(Murmur2.hash64("a".getBytes(StandardCharsets.UTF_8)));
  }

  private void awaitKey(Producer<String, byte[]> producer, String key) {
    TOLD.untilAsserted(
        "the key is named",
        () -> {
          write(producer);
          var told = run("topics", "describe", "orders", "--load");
          assertThat(told.stderr()).isEmpty();
          var found = KEY.matcher(told.stdout());
          assertThat(found.find()).as(told.stdout()).isTrue();
          assertThat(found.group("key")).isEqualTo(key);
          assertThat(found.group("partition")).isEqualTo(Integer.toString(HOT));
          // Of the 1,000 keys with a fifth of the records, an eighth go the same way.
          assertThat(Double.parseDouble(found.group("share"))).isBetween(85.0, 100.0);
        });
  }

  private Producer<String, byte[]> producer(KeyReporting reporting) {
    return naru.producer(Codec.utf8(), Codec.bytes()).keyReporting(reporting).build();
  }

  /** Four of five records have key a. */
  private static void write(Producer<String, byte[]> producer) {
    var sent = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 2_000; i++) {
      var key = i % 5 < 4 ? "a" : "key-" + i;
      sent.add(producer.send(ProducerRecord.of("orders", key, new byte[100])));
    }
    sent.forEach(CompletableFuture::join);
  }

  private Outcome run(String... words) {
    return commands.run(words);
  }
}
