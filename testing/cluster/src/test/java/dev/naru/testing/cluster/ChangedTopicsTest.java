package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicChange;
import dev.naru.client.admin.TopicDescription;
import dev.naru.client.admin.TopicWarning;
import dev.naru.client.producer.Producer;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics that get partitions and other settings while they are in use. */
class ChangedTopicsTest {

  private static final Duration METADATA_AGE = Duration.ofMillis(500);

  private static final Eventually NOTICED =
      Eventually.allowing("the age of metadata", METADATA_AGE)
          .and("logs to be made and leaders to serve", Duration.ofSeconds(2))
          .and("a machine that others use too", Duration.ofSeconds(20));

  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).with("log.retention.check.interval.ms", "200ms").start();
    topics = new Topics(cluster);
    naru =
        NaruClient.builder()
            .bootstrapServers(cluster.bootstrapServers())
            .metadataMaxAge(METADATA_AGE)
            .build();
  }

  @AfterEach
  void stop() {
    naru.close();
    topics.close();
    cluster.close();
  }

  @Test
  @Tag("S21")
  void addingPartitionsLosesAndBlocksNothing() {
    create(NewTopic.named("orders").partitions(2));
    var sent = new HashSet<String>();
    try (var producer = producer()) {
      var acks = new ArrayList<RecordAck>();
      NOTICED.until(
          "some records, before and while partitions are added",
          () -> {
            acks.addAll(send(producer, sent));
            return acks.size() > 500;
          });
      assertThat(acks).allMatch(ack -> ack.partition() < 2);

      var changed = naru.admin().addPartitions("orders", 6).join();

      assertThat(changed.partitions()).hasSize(6);
      assertThat(changed.warnings()).extracting(TopicWarning::code).containsExactly("KEYS_MOVE");
      assertThat(leaders(changed).values()).containsExactly(2L, 2L, 2L);
      NOTICED.until(
          "every partition gets some",
          () -> {
            acks.addAll(send(producer, sent));
            return acks.stream().map(RecordAck::partition).distinct().count() == 6;
          });
    }

    assertThat(readAll(6, sent.size())).isEqualTo(sent);
    assertThat(failureOf(naru.admin().addPartitions("orders", 5)))
        .isEqualTo(ErrorCode.PARTITIONS_CANNOT_SHRINK);
  }

  @Test
  void settingsHoldFromThenOn() {
    create(NewTopic.named("orders").partitions(1).config("segment.bytes", "16KiB"));
    try (var producer = producer()) {
      send(producer, new HashSet<>());
    }
    long end = end("orders");

    var seen = naru.admin().describeTopic("orders").join();
    var change =
        TopicChange.of("orders").set("retention.ms", "1").set("segment.ms", "1").ifStill(seen);
    var changed = naru.admin().alterTopic(change).join();

    assertThat(changed.configs())
        .isEqualTo(Map.of("retention.ms", "1", "segment.bytes", "16384", "segment.ms", "1"));
    NOTICED.until("retention deletes all of it", () -> begin("orders") == end);
    assertThat(failureOf(naru.admin().alterTopic(change))).isEqualTo(ErrorCode.ETAG_MISMATCH);
    assertThat(failureOf(naru.admin().alterTopic(TopicChange.of("orders").unset("retention"))))
        .isEqualTo(ErrorCode.INVALID_CONFIG);
  }

  @Test
  void aSmallerMinimumLetsWritersGoOn() {
    create(
        NewTopic.named("orders")
            .partitions(1)
            .replicationFactor(2)
            .config("min.insync.replicas", "2"));
    int leader = topics.leaderOf("orders", 0);
    var replicas = naru.admin().describeTopic("orders").join().partitions().getFirst().replicas();
    cluster.kill(replicas.stream().filter(node -> node != leader).findFirst().orElseThrow());
    topics.awaitIsr("orders", 0, 1);
    var partition = naru.admin().describeTopic("orders").join().partitions().getFirst();
    assertThat(partition.elr()).hasSize(1);

    try (var producer = producer()) {
      var waiting = producer.send(ProducerRecord.of("orders", "k", "v"));
      var changed =
          naru.admin().alterTopic(TopicChange.of("orders").set("min.insync.replicas", "1")).join();

      assertThat(waiting.join().offset()).isZero();
      assertThat(changed.partitions().getFirst().elr()).as("it lacks that record").isEmpty();
    }
  }

  private void create(NewTopic topic) {
    naru.admin().createTopic(topic).join();
    topics.awaitServed(topic.name());
  }

  private Producer<String, String> producer() {
    return naru.producer(Codec.utf8(), Codec.utf8()).idempotence(false).build();
  }

  /** A hundred, each with a key of its own. */
  private static List<RecordAck> send(Producer<String, String> producer, Set<String> sent) {
    var answers =
        IntStream.range(sent.size(), sent.size() + 100)
            .mapToObj(Integer::toString)
            .peek(sent::add)
            .map(key -> producer.send(ProducerRecord.of("orders", key, key)))
            .toList();
    return answers.stream().map(CompletableFuture::join).toList();
  }

  private Set<String> readAll(int partitions, int records) {
    var read = new HashSet<String>();
    try (var consumer =
        naru.consumer(Codec.utf8(), Codec.utf8()).autoOffsetReset(OffsetReset.EARLIEST).build()) {
      consumer.assign(
          IntStream.range(0, partitions)
              .mapToObj(number -> new TopicPartition("orders", number))
              .toArray(TopicPartition[]::new));
      NOTICED.until(
          records + " records are read",
          () -> {
            consumer.poll(Duration.ofMillis(100)).forEach(each -> read.add(each.value()));
            return read.size() >= records;
          });
    }
    return read;
  }

  private long begin(String topic) {
    var partition = new TopicPartition(topic, 0);
    return Objects.requireNonNull(
        naru.admin().beginningOffsets(List.of(partition)).join().get(partition));
  }

  private long end(String topic) {
    var partition = new TopicPartition(topic, 0);
    return Objects.requireNonNull(
        naru.admin().endOffsets(List.of(partition)).join().get(partition));
  }

  private static Map<Integer, Long> leaders(TopicDescription topic) {
    return topic.partitions().stream()
        .map(PartitionDescription::leader)
        .map(leader -> leader.orElseThrow())
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static ErrorCode failureOf(CompletableFuture<?> call) {
    var codes = new ArrayList<ErrorCode>();
    assertThatThrownBy(call::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(NaruException.class, failure -> codes.add(failure.code()));
    return codes.getFirst();
  }
}
