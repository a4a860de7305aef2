package dev.naru.bench.versus.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.naru.bench.versus.cluster.ProduceLoad.ProducerSettings;
import dev.naru.bench.versus.result.Measure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KafkaPlatformTest {

  private static final String ALL =
      "2500000 records sent, 480000.0 records/sec (45.78 MB/sec), 99.36 ms avg latency, 1200.00 ms"
          + " max latency, 80 ms 50th, 300 ms 95th, 700 ms 99th, 900 ms 99.9th.";
  private static final String STEADY =
      "1500000 steady state records sent, 500000.0 records/sec (47.68 MB/sec), 87.36 ms avg"
          + " latency, 1100.00 ms max latency, 71 ms 50th, 211 ms 95th, 672 ms 99th, 801 ms"
          + " 99.9th.";

  private final KafkaPlatform kafka =
      new KafkaPlatform(
          "java", Path.of("/kafka"), Path.of("/KafkaProbe.java"), Path.of("/classes"));

  @Test
  void readsTheSecondSummaryOfAProducerThatWarmsUp() {
    var load = load(Duration.ofSeconds(10));

    assertThat(kafka.produced(load, ALL)).isEmpty();
    var figures = kafka.produced(load, STEADY).orElseThrow();

    assertThat(figures.records()).isEqualTo(1_500_000);
    assertThat(figures.seconds()).hasValue(3);
    assertThat(figures.latencies())
        .containsOnly(
            entry(Measure.P50_MILLIS, 71.0),
            entry(Measure.P99_MILLIS, 672.0),
            entry(Measure.P999_MILLIS, 801.0),
            entry(Measure.MAX_MILLIS, 1100.0));
  }

  @Test
  void readsTheOnlySummaryOfAProducerThatDoesNot() {
    assertThat(kafka.produced(load(Duration.ZERO), ALL))
        .hasValueSatisfying(figures -> assertThat(figures.records()).isEqualTo(2_500_000));
  }

  @Test
  void passesOverLinesOfProgress() {
    var progress =
        "482000 records sent, 96400.0 records/sec (9.19 MB/sec), 3.1 ms avg latency, 9.0 ms max"
            + " latency.";

    assertThat(kafka.produced(load(Duration.ZERO), progress)).isEmpty();
  }

  @Test
  void tellsAProducerHowManyRecordsTakeAboutSoLong() {
    var words = kafka.produce("s", load(Duration.ofSeconds(2))).words();

    assertThat(words)
        .containsSequence("--warmup-records", "200000")
        .containsSequence("--num-records", "700000")
        .endsWith("--command-property", "acks=all", "batch.size=262144", "linger.ms=10");
  }

  @Test
  void countsTheTimeOfAConsumerWithoutThatOfJoining() {
    var line =
        "2026-11-21 07:00:00:000, 2026-11-21 07:00:09:000, 976.5625, 108.5, 1000000, 111111.1,"
            + " 4000, 5000, 195.3, 200000.0";

    assertThat(kafka.consumed(line))
        .hasValueSatisfying(figures -> {
          assertThat(figures.records()).isEqualTo(1_000_000);
          assertThat(figures.seconds()).hasValue(5);
        });
    assertThat(kafka.consumed("Exiting, a, b, c, d, e, f, g, h, i")).isEmpty();
  }

  @Test
  void readsTheMeanAndThePercentilesOfRoundTrips() {
    var reader = kafka.roundTripReader();

    assertThat(reader.apply("Avg latency: 0.6503 ms")).isEmpty();
    assertThat(reader.apply("Percentiles: 50th = 1, 99th = 6, 99.9th = 20"))
        .hasValueSatisfying(figures ->
            assertThat(figures.latencies())
                .containsEntry(Measure.MEAN_MILLIS, 0.6503)
                .containsEntry(Measure.P999_MILLIS, 20.0)
                .doesNotContainKey(Measure.MAX_MILLIS));
  }

  @Test
  void findsLeadersAndTheController() {
    var topic =
        List.of(
            "Topic: t\tTopicId: x\tPartitionCount: 2",
            "\tTopic: t\tPartition: 0\tLeader: 3\tReplicas: 3,1,2\tIsr: 3,1,2",
            "\tTopic: t\tPartition: 1\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3");

    assertThat(kafka.leaders(topic)).containsExactly(3, 1);
    assertThat(kafka.controller(List.of("ClusterId:  x", "LeaderId:               2")))
        .isEqualTo(2);
  }

  @Test
  void readsInAGroupWithWhatIsSharedWithNarusReader() {
    var load = new PacedLoad("t", Path.of("/values"), 6, 5_000, 50_000, 75_000);

    assertThat(kafka.pacedReader("s", load).words())
        .containsSequence("-cp", "/kafka/tools/*:/kafka/classes:/classes", "KafkaPace")
        .endsWith("read", "s", "t", "6", "50000", "75000");
    assertThat(kafka.pacedSender("s", load).words())
        .endsWith("send", "s", "t", "5000.0", "125000", "/values");
  }

  private static ProduceLoad load(Duration warmup) {
    return new ProduceLoad(
        "t",
        Path.of("/values"),
        100,
        new ProducerSettings("all", true, Optional.empty()),
        0,
        warmup,
        Optional.of(Duration.ofSeconds(5)),
        0,
        100_000);
  }
}
