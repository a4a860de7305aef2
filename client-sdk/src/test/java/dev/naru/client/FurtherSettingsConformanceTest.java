package dev.naru.client;

import static dev.naru.client.Configured.ackOf;
import static dev.naru.client.Configured.defaults;
import static dev.naru.client.Configured.failureOf;
import static dev.naru.client.Configured.record;
import static dev.naru.client.Configured.records;
import static dev.naru.client.Configured.refuses;
import static dev.naru.client.Configured.warmUp;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.fake.Reaction;
import dev.naru.record.Compression;
import dev.naru.record.Murmur2;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of clients and producers that have no number; see SettingsConformanceTest. */
class FurtherSettingsConformanceTest {

  private static final Instant MOMENT = Instant.parse("2026-01-01T00:00:00Z");

  private final Configured configured = new Configured();

  @AfterEach
  void close() {
    configured.close();
  }

  private List<Long> endsOf(int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> configured.cluster().partition("orders", partition).end())
        .toList();
  }

  /**
   * How many unanswered batches the cluster has at most, of ten that are sent at once. Nothing is
   * answered before it has so many as are expected.
   */
  private int mostUnanswered(int expected, String... namesAndValues) {
    var producer = configured.producer(namesAndValues);
    warmUp(producer, 0); // the first one goes alone, whatever the limit
    var most = new AtomicInteger();
    configured
        .cluster()
        .onProduce((node, request) -> {
          most.accumulateAndGet(configured.cluster().heldCount() + 1, Math::max);
          return Reaction.hold();
        });

    var sent = new ArrayList<CompletableFuture<RecordAck>>();
    for (int i = 0; i < 10; i++) {
      sent.add(producer.send(record(0, "a")));
    }
    Eventually.allowing("a way to the leader", ofSeconds(1))
        .until(expected + " are there", () -> configured.cluster().heldCount() >= expected);
    Eventually.allowing("ten ways to the leader", ofSeconds(1))
        .until(
            "all are answered",
            () -> {
              configured.cluster().releaseHeld();
              return sent.stream().allMatch(CompletableFuture::isDone);
            });

    sent.forEach(Configured::ackOf);
    configured.cluster().onProduce((node, request) -> Reaction.accept());
    return most.get();
  }

  @Test
  void maxInFlightRequestsPerConnection() {
    configured.cluster().createTopic("orders", 1);
    String name = "max.in.flight.requests.per.connection";
    assertThat(defaults().producer().maxInFlight()).isEqualTo(5);
    refuses("Expected " + name + " to be at least 1, but was 0", name, "0");
    refuses(
        "Expected " + name + " to be at most 5 with enable.idempotence, but was 6",
        "enable.idempotence",
        "true",
        name,
        "6");

    assertThat(mostUnanswered(1, name, "1", "batch.size", "0")).isEqualTo(1);
    assertThat(mostUnanswered(3, name, "3", "batch.size", "0")).isEqualTo(3);
  }

  @Test
  void connectionInflightBytes() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().client().connectionInflightBytes()).isEqualTo(33_554_432);
    refuses(
        "Expected connection.inflight.bytes to be at least 1, but was 0",
        "connection.inflight.bytes",
        "0");

    assertThat(mostUnanswered(1, "connection.inflight.bytes", "1", "batch.size", "0")).isEqualTo(1);
  }

  @Test
  void maxRequestSize() {
    configured.cluster().createTopic("orders", 1);
    assertThat(defaults().producer().maxRequestSize()).isEqualTo(1_048_576);
    refuses("Expected max.request.size to be 1 to 16777216, but was 0", "max.request.size", "0");
    refuses(
        "Expected max.request.size to be 1 to 16777216, but was 17825792",
        "max.request.size",
        "17MiB");
    var producer =
        configured.producer(
            "max.request.size", "2000", "linger.ms", "50", "compression.type", "gzip");

    var failure = failureOf(producer.send(record(0, "x".repeat(3000))));
    for (int i = 0; i < 100; i++) {
      var _ = producer.send(record(0, "x".repeat(500)));
    }
    producer.flush();

    assertThat(failure.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE);
    assertThat(failure)
        .hasMessageMatching(
            "Expected at most 2000 bytes \\(max.request.size\\) for a record to orders, but were"
                + " 30\\d\\d");
    assertThat(configured.cluster().partition("orders", 0).batchSizes())
        .allMatch(records -> records <= 3)
        .contains(3);
  }

  @Test
  void compressionType() {
    assertThat(defaults().producer().compression()).isEqualTo(Compression.NONE);
    refuses(
        "Expected compression.type to be none, gzip, snappy, lz4 or zstd, but was rar",
        "compression.type",
        "rar");

    for (var compression : Compression.values()) {
      configured.cluster().createTopic("orders", 1);
      ackOf(configured.producer("compression.type", compression.text()).send(records(50)));

      var partition = configured.cluster().partition("orders", 0);
      assertThat(partition.batches().get(0).header().compression()).contains(compression);
      assertThat(partition.values()).hasSize(50);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, -1, 1, 9, 10, '1 to 9, or -1'",
    "lz4, 9, 9, 17, 18, 1 to 17",
    "zstd, 1, -7, 19, 23, -131072 to 22",
  })
  void compressionLevels(
      String codec, int byDefault, int hardly, int hard, int tooHard, String range) {
    configured.cluster().createTopic("orders", 3);
    String name = "compression." + codec + ".level";
    var compression = Compression.ofText(codec).orElseThrow();
    assertThat(defaults().producer().levels().levelOf(compression)).isEqualTo(byDefault);
    refuses(
        "Expected " + name + " to be " + range + ", but was " + tooHard,
        "compression.type",
        codec,
        name,
        Integer.toString(tooHard));
    refuses(
        "Expected %s to be left out, because compression.type is none, but was %d"
            .formatted(name, hard),
        name,
        Integer.toString(hard));

    int large = sizeOf(0, "compression.type", codec, name, Integer.toString(hardly));
    int small = sizeOf(1, "compression.type", codec, name, Integer.toString(hard));
    int usual = sizeOf(2, "compression.type", codec);

    assertThat(small).isLessThan(large);
    assertThat(usual).isLessThanOrEqualTo(large);
  }

  private int sizeOf(int partition, String... namesAndValues) {
    // At one moment, or sizes would differ by what the times of records take.
    var records =
        records(2000).stream()
            .map(record -> record.withPartition(partition).withTimestamp(MOMENT))
            .toList();
    ackOf(configured.producer(namesAndValues).send(records));
    return configured.cluster().partition("orders", partition).batches().get(0).size();
  }

  @Test
  void partitioner() {
    configured.cluster().createTopic("orders", 4);
    assertThat(defaults().producer().partitioning()).isEqualTo(Partitioning.DEFAULT);
    refuses(
        "Expected partitioner to be default or round_robin, but was sticky",
        "partitioner",
        "sticky");

    var producer = configured.producer("partitioner", "round_robin");
    for (var record : records(42)) {
      var _ = producer.send(record);
    }
    producer.flush();

    assertThat(endsOf(4)).containsExactlyInAnyOrder(10L, 10L, 11L, 11L);
  }

  @Test
  void partitionerIgnoreKeys() {
    configured.cluster().createTopic("orders", 3);
    assertThat(defaults().producer().ignoresKeys()).isFalse();
    refuses(
        "Expected partitioner.ignore.keys to be true or false, but was 1",
        "partitioner.ignore.keys",
        "1");

    send30WithOneKey("partitioner", "round_robin");
    assertThat(endsOf(3)).contains(30L);

    configured.cluster().createTopic("orders", 3);
    send30WithOneKey("partitioner", "round_robin", "partitioner.ignore.keys", "true");
    assertThat(endsOf(3)).containsExactly(10L, 10L, 10L);

    configured.cluster().createTopic("orders", 3);
    send30WithOneKey("batch.size", "200", "partitioner.ignore.keys", "true");
    assertThat(endsOf(3)).doesNotContain(0L, 30L);
  }

  private void send30WithOneKey(String... namesAndValues) {
    var producer = configured.producer(namesAndValues);
    for (int i = 0; i < 30; i++) {
      var _ = producer.send(ProducerRecord.of("orders", "customer", "some order"));
    }
    producer.flush();
  }

  @Test
  void anApplicationsOwnPartitionerTakesThePlaceOfBoth() {
    for (var settings :
        List.of(
            new String[] {"partitioner", "round_robin"},
            new String[] {"partitioner.ignore.keys", "true"})) {
      var builder =
          configured
              .client(settings)
              .producer(Codec.utf8(), Codec.utf8())
              .partitioner((topic, key, partitions) -> 0);

      assertThat(catchThrowableOfType(NaruException.class, builder::build))
          .hasMessageContaining("Expected " + settings[0] + " to be left out")
          .hasMessageEndingWith("but was " + settings[1]);
    }
  }

  @Test
  void keyHotReport() {
    assertThat(defaults().producer().keyReporting()).isEqualTo(KeyReporting.HASHED);
    refuses(
        "Expected key.hot.report to be off, hashed or plain, but was all", "key.hot.report", "all");
    try (var off = withAHotKey("off");
        var hashed = withAHotKey("hashed");
        var plain = withAHotKey("plain")) {
      Eventually.allowing("ten seconds, and some for the machine", ofSeconds(20))
          .until("two have told", () -> isTold(hashed) && isTold(plain));

      assertThat(off.cluster().keyReports()).isEmpty();
      assertHot(hashed, false);
      assertHot(plain, true);
    }
  }

  private static Configured withAHotKey(String reporting) {
    var one = new Configured();
    one.cluster().createTopic("orders", 1);
    one.cluster().partition("orders", 0).keepNothing();
    var producer = one.producer("key.hot.report", reporting);
    for (int i = 0; i < 20_000; i++) {
      String key = i % 2 == 0 ? "hot" : "k" + i;
      var _ = producer.send(ProducerRecord.of("orders", key, "x"));
    }
    producer.flush();
    return one;
  }

  private static boolean isTold(Configured to) {
    return !to.cluster().keyReports().isEmpty();
  }

  private static void assertHot(Configured told, boolean isPlain) {
    var report = told.cluster().keyReports().getFirst();
    var hottest = report.getKeys(0);
    assertThat(report.getRecords()).isEqualTo(20_000);
    assertThat(report.getKeysList()).hasSizeLessThanOrEqualTo(32);
    assertThat(hottest.getHash()).isEqualTo(Murmur2.hash64("hot".getBytes(UTF_8)));
    assertThat(hottest.getCount()).isBetween(8_000L, 12_000L);
    assertThat(hottest.hasKey()).isEqualTo(isPlain);
  }
}
