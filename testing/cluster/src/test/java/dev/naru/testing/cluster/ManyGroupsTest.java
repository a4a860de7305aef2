package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.GroupDescription;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups side by side on one topic. */
@NaruTest(nodes = 1, settings = "offsets.topic.num.partitions=3")
class ManyGroupsTest {

  private static final int GROUPS = 100;
  private static final int READERS = 3; // of these
  private static final Eventually SOON =
      Eventually.allowing("the topic of the groups is made", Duration.ofSeconds(5))
          .and("a few fetches on a busy machine", Duration.ofSeconds(5));

  private static Consumer<String, String> member(NaruClient naru, String group) {
    return naru.consumer(Codec.utf8(), Codec.utf8())
        .groupId(group)
        .autoOffsetReset(OffsetReset.EARLIEST)
        .autoCommit(false)
        .fetchMaxBytes(100 << 10)
        .build();
  }

  private static void send(NaruClient naru, TopicPartition to, int count, String text) {
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      var sent = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < count; i++) {
        sent.add(producer.send(ProducerRecord.of(to.topic(), i + text)));
      }
      sent.forEach(CompletableFuture::join);
    }
  }

  private static List<String> read(Consumer<String, String> consumer, int count) {
    var values = new ArrayList<String>();
    SOON.until(
        count + " records are read",
        () -> {
          consumer.poll(Duration.ofMillis(20)).stream()
              .map(ConsumerRecord::value)
              .map(String::valueOf)
              .forEach(values::add);
          return values.size() >= count;
        });
    return values;
  }

  @Test
  @Tag("S31")
  @Tag("S82")
  void readTheSameRecordsAndKeepOffsetsOfTheirOwn(NaruClient naru, @Topic String orders) {
    var partition = new TopicPartition(orders, 0);
    send(naru, partition, GROUPS, "");
    var all = IntStream.range(0, GROUPS).mapToObj(String::valueOf).toList();
    var expected = new TreeMap<Integer, Long>();

    var members = new ArrayList<Consumer<String, String>>();
    for (int i = 0; i < GROUPS; i++) {
      var consumer = member(naru, "group-" + i);
      members.add(consumer);
      if (i < READERS) {
        consumer.assign(partition);
        assertThat(read(consumer, GROUPS)).isEqualTo(all);
      }
      consumer.commitAsync(
          Map.of(partition, new OffsetAndMetadata(i)),
          (committed, failure) -> assertThat(failure).isNull());
      expected.put(i, (long) i);
    }
    members.forEach(Consumer::close); // which waits for the answers
    naru.admin().resetOffsets("group-7", Map.of(partition, Position.offset(50))).join();
    expected.put(7, 50L);

    assertThat(committed(naru, partition)).isEqualTo(expected);
  }

  private static Map<Integer, Long> committed(NaruClient naru, TopicPartition partition) {
    var asked = new TreeMap<Integer, CompletableFuture<GroupDescription>>();
    for (int i = 0; i < GROUPS; i++) {
      asked.put(i, naru.admin().describeGroup("group-" + i));
    }
    var offsets = new TreeMap<Integer, Long>();
    asked.forEach((number, group) ->
        group.join().offsets().stream()
            .filter(each -> each.partition().equals(partition))
            .forEach(each -> offsets.put(number, each.committed())));
    return offsets;
  }

  @Test
  @Tag("S1")
  void deleteNothingByReading(NaruCluster cluster, NaruClient naru, @Topic String orders)
      throws IOException {
    var partition = new TopicPartition(orders, 0);
    send(naru, partition, 1_000, "");
    var all = IntStream.range(0, 1_000).mapToObj(String::valueOf).toList();
    var topic = naru.admin().describeTopic(orders).join().id().orElseThrow();
    var directory = cluster.dataDirectory(1).resolve(topic + "-0");
    var before = segments(directory);
    assertThat(before.values().stream().mapToInt(String::length).sum()).isPositive();

    for (var group : List.of("reader-1", "reader-2", "reader-3")) {
      try (var consumer = member(naru, group)) {
        consumer.assign(partition);
        assertThat(read(consumer, 1_000)).isEqualTo(all);
        consumer.commit();
      }
    }

    assertThat(segments(directory)).isEqualTo(before);
    assertThat(naru.admin().validateTruncate(partition, Position.offset(0)).join().start())
        .as("where the log begins")
        .isZero();
  }

  /** The bytes of each segment, by the name of its file. */
  private static Map<String, String> segments(Path directory) throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.list(directory)) {
      for (var file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        found.put(
            file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return found;
  }

  @Test
  @Tag("S78")
  void oneThatStandsStillSlowsNeitherTheProducerNorTheOthers(
      NaruClient naru, @Topic String orders) {
    var partition = new TopicPartition(orders, 0);
    var text = "x".repeat(1_000);
    send(naru, partition, 1_000, text);

    try (var still = member(naru, "still");
        var other = member(naru, "other")) {
      still.assign(partition);
      assertThat(read(still, 1)).isNotEmpty(); // and never again
      other.assign(partition);

      send(naru, partition, 4_000, text);

      assertThat(read(other, 5_000)).hasSize(5_000);
      assertThat(still.position(partition)).isLessThan(5_000);
    }
  }
}
