package dev.naru.testing.cluster;

import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_DISK_FULL;
import static dev.naru.proto.v1.ErrorCode.ERROR_CODE_NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.ConfigChange;
import dev.naru.client.admin.ConfigSetting;
import dev.naru.client.admin.ConfigSetting.Source;
import dev.naru.client.admin.ConfigSubject;
import dev.naru.client.admin.Configs;
import dev.naru.client.admin.NewTopic;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.Uuid;
import dev.naru.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A node that was started with settings by which nothing happens does what it is told since. Each
 * change is waited for by what it leads to.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveSettingsTest {

  private static final ConfigSubject NODE = ConfigSubject.node(1);

  private static final Eventually HAPPENS =
      Eventually.allowing("a look at the settings", Duration.ofSeconds(1))
          .and("what is looked at every second", Duration.ofSeconds(2))
          .and("a machine that others use too", Duration.ofSeconds(20));

  private NaruCluster cluster;
  private NaruClient naru;
  private Configs configs;

  @BeforeAll
  void start() {
    cluster =
        NaruCluster.of(1)
            .with("log.retention.check.interval.ms", "1h")
            .with("log.scrub.bytes.per.second", "0")
            .with("log.cleaner.backoff.ms", "1h")
            .start();
    naru = cluster.client();
    configs = naru.admin().configs();
  }

  @AfterAll
  void stop() {
    naru.close();
    cluster.close();
  }

  @Test
  void takesNewRecordsOnlyAsLongAsTheDiskIsNotTooFull() {
    try (var topics = new Topics(cluster)) {
      var topic = topics.create("full", 1, 1);
      set(NODE, "disk.used.ratio.max", "0.000001");
      HAPPENS.until("records are refused", () -> produced(topic) == ERROR_CODE_DISK_FULL);

      configs.alter(ConfigChange.of(NODE).unset("disk.used.ratio.max")).join();
      HAPPENS.until("records are taken", () -> produced(topic) == ERROR_CODE_NONE);
    }
  }

  /** By a stream of its own: after a refusal a stream is refused whatever comes behind it. */
  private ErrorCode produced(Uuid topic) {
    try (var client = RawClient.to(cluster.bootstrapServer(1))) {
      return client
          .produce(RawClient.toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("a"))
          .join()
          .getError();
    }
  }

  @Test
  void deletesWhatIsSetAsideWhenItIsToldTo() {
    create(NewTopic.named("gone").partitions(1));
    naru.admin().deleteTopic("gone").join();
    HAPPENS.until("its log is set aside", () -> setAside() > 0);

    configs
        .alter(
            ConfigChange.of(ConfigSubject.cluster())
                .set("log.retention.check.interval.ms", "1s")
                .set("set.aside.retention.ms", "0"))
        .join();

    HAPPENS.until("it is deleted", () -> setAside() == 0);
  }

  private long setAside() throws IOException {
    var folder = cluster.dataDirectory(1).resolve("lost+found");
    if (!Files.exists(folder)) {
      return 0;
    }
    try (var entries = Files.list(folder)) {
      return entries.count();
    }
  }

  @Test
  void readsInTheBackgroundWhenItIsToldTo() {
    create(NewTopic.named("read").partitions(1).config("segment.bytes", "16KiB"));
    send("read", 40);
    assertThat(metric("naru_scrubbed_bytes_total")).isZero();

    set(NODE, "log.scrub.bytes.per.second", "10MiB");

    HAPPENS.until("closed segments are read", () -> metric("naru_scrubbed_bytes_total") > 0);
  }

  @Test
  void compactsWhenItIsToldTo() {
    create(
        NewTopic.named("compacted")
            .partitions(1)
            .config("cleanup.policy", "compact")
            .config("min.cleanable.dirty.ratio", "0")
            .config("segment.bytes", "16KiB"));
    send("compacted", 60);

    set(ConfigSubject.cluster(), "log.cleaner.backoff.ms", "100ms");

    HAPPENS.until("old values are gone", () -> metric("naru_log_cleaner_reclaimed_bytes") > 0);
  }

  @Test
  void explainsWhatItDoesAndWhoSaidSo() {
    create(NewTopic.named("explained").partitions(1));
    var topic = ConfigSubject.topic("explained");
    set(ConfigSubject.cluster(), "log.segment.bytes", "1MiB");
    set(topic, "segment.bytes", "32KiB");

    var told = configs.explain(topic, "segment.bytes").join();

    assertThat(told.value()).isEqualTo("32768");
    assertThat(told.layers())
        .extracting(ConfigSetting::source)
        .containsExactly(Source.TOPIC, Source.CLUSTER, Source.DEFAULT);
    assertThat(told.layers().iterator().next().principal()).contains("anonymous@127.0.0.1");
    var started = configs.explain(NODE, "log.cleaner.threads").join();
    assertThat(started.value()).isEqualTo("1");
    assertThat(started.needsRestart()).isTrue();
    assertThat(started.warnings()).isEmpty();
    assertThatThrownBy(() -> set(NODE, "log.cleaner.threads", "2"))
        .cause()
        .hasMessageContaining("log.cleaner.threads is read at a start");
  }

  @Test
  void hasNothingToFinalize() {
    var told = configs.checkUpgrade().join();

    assertThat(told.isReady()).isFalse();
    assertThat(told.nodes()).hasSize(1).allMatch(node -> node.isReady());
    assertThat(configs.finalizeUpgrade().join().metadataVersion())
        .isEqualTo(told.metadataVersion());
  }

  private void create(NewTopic topic) {
    naru.admin().createTopic(topic.replicationFactor(1)).join();
  }

  private void set(ConfigSubject subject, String key, String value) {
    configs.alter(ConfigChange.of(subject).set(key, value)).join();
  }

  /** So many records of a KiB, all of one key, each in a batch of its own. */
  private void send(String topic, int count) {
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      for (int i = 0; i < count; i++) {
        producer.send(ProducerRecord.of(topic, "k", i + "x".repeat(1 << 10))).join();
      }
    }
  }

  private double metric(String id) {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(1) + "/metrics"))
              .build();
      return http.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(id))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
