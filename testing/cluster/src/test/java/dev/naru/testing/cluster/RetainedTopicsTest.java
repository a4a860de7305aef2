package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.TopicDescription;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Segments are closed and deleted on real disks, by leaders and by their followers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetainedTopicsTest {

  private static final int SEGMENT_BYTES = 16 << 10;
  private static final byte[] VALUE = new byte[1_000];
  private static final int RECORDS_AT_A_TIME = 4;

  /** What passes between an append and the deletion of its files on the last replica. */
  private static final Eventually DELETION =
      Eventually.allowing("the longest time in these topics", Duration.ofSeconds(3))
          .and("a look at segments and one at what was dropped", Duration.ofSeconds(2))
          .and("group commits of all replicas", Duration.ofSeconds(2))
          .and("a machine that others use too", Duration.ofSeconds(20));

  private NaruCluster cluster;
  private NaruClient naru;

  @BeforeAll
  void start() {
    cluster = NaruCluster.of(3).with("log.retention.check.interval.ms", "200ms").start();
    naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  }

  @AfterAll
  void stop() {
    naru.close();
    cluster.close();
  }

  @Test
  @Tag("S33")
  @Tag("S34")
  @Tag("S36")
  @Tag("S38")
  void afterRetentionMsOnlyTheActiveSegmentIsLeftOnEveryReplica() {
    var topic = create("aged", "retention.ms", "3000", "segment.ms", "86400000");
    send("aged", 300);

    DELETION.until(
        "one empty segment is left everywhere",
        () ->
            directories(topic).stream()
                .allMatch(directory ->
                    sizes(directory).equals(List.of(0L))
                        && names(directory).equals(List.of("00000000000000000300.log"))));
    assertThat(firstOffset("aged")).isEqualTo(300);
    send("aged", 1);
    assertThat(endOffset("aged")).isEqualTo(301);
  }

  @Test
  @Tag("S33")
  @Tag("S34")
  @Tag("S37")
  void retentionBytesKeepsTheLimitAndAtMostOneSegmentMore() {
    var topic = create("sized", "retention.bytes", "65536", "retention.ms", "-1");
    send("sized", 500);

    DELETION.until(
        "between the limit and a segment more is left everywhere",
        () ->
            directories(topic).stream()
                .mapToLong(directory -> sizes(directory).stream().mapToLong(size -> size).sum())
                .allMatch(bytes -> bytes >= 65_536 && bytes <= 65_536 + SEGMENT_BYTES));
    // A log begins higher before the file of what it left behind is gone.
    DELETION.until(
        "the first file everywhere is where the log begins",
        () -> {
          var first = "%020d.log".formatted(firstOffset("sized"));
          return directories(topic).stream()
              .allMatch(directory -> names(directory).getFirst().equals(first));
        });
    for (Path directory : directories(topic)) {
      assertThat(sizes(directory)).allMatch(size -> size <= SEGMENT_BYTES);
      for (String name : names(directory).subList(0, names(directory).size() - 1)) {
        assertThat(directory.resolve(name.replace(".log", ".index"))).exists();
        assertThat(directory.resolve(name.replace(".log", ".timeindex"))).exists();
      }
    }
  }

  @Test
  @Tag("S36")
  @Tag("S47")
  void withoutLimitsNothingIsDeletedAlsoWhenNewerTopicsAreEmptied() {
    var kept = create("kept", "retention.ms", "-1", "retention.bytes", "-1");
    send("kept", 100);
    var other = create("other", "retention.ms", "1");
    send("other", 100);

    DELETION.until(
        "the other topic is empty",
        () ->
            directories(other).stream()
                .allMatch(directory -> sizes(directory).equals(List.of(0L))));
    assertThat(firstOffset("kept")).isZero();
    assertThat(directories(kept)).allMatch(directory -> sizes(directory).size() > 5);
  }

  @Test
  @Tag("S35")
  void aSegmentThatNobodyWritesToIsClosedByTime() {
    var topic = create("idle", "segment.ms", "1000");
    send("idle", 1);

    DELETION.until(
        "each replica has closed its segment",
        () ->
            directories(topic).stream()
                .allMatch(directory ->
                    names(directory)
                        .equals(List.of("00000000000000000000.log", "00000000000000000001.log"))));
    assertThat(firstOffset("idle")).isZero();
    assertThat(endOffset("idle")).isEqualTo(1);
  }

  @Test
  @Tag("S39")
  void truncatingDeletesThePrefixEverywhereAndOverRestarts() {
    var topic = create("cut", "retention.ms", "-1");
    send("cut", 100);
    var partition = new TopicPartition("cut", 0);

    assertThat(naru.admin().validateTruncate(partition, Position.offset(70)).join().start())
        .isEqualTo(70);
    assertThat(firstOffset("cut")).isZero();
    var done = naru.admin().truncate(partition, Position.offset(70)).join();

    assertThat(done.oldStart()).isZero();
    assertThat(done.start()).isEqualTo(70);
    assertThat(naru.admin().truncate(partition, Position.offset(50)).join().start()).isEqualTo(70);
    assertRefused(partition, Position.offset(101), ErrorCode.OFFSET_OUT_OF_RANGE);
    assertRefused(new TopicPartition("cut", 7), Position.end(), ErrorCode.PARTITION_NOT_FOUND);
    DELETION.until(
        "no segment wholly below is left",
        () -> directories(topic).stream().allMatch(directory -> baseOf(directory) > 0));

    int leader = leaderOf("cut");
    cluster.kill(leader);
    cluster.start(leader);
    DELETION.until("the topic is led", () -> firstOffset("cut") == 70);
    assertThat(read("cut", 0, OffsetReset.EARLIEST)).isEqualTo(70);
    assertThatThrownBy(() -> read("cut", 0, OffsetReset.NONE))
        .isInstanceOfSatisfying(
            NaruException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));

    assertThat(naru.admin().truncate(partition, Position.end()).join().start()).isEqualTo(100);
    assertThat(firstOffset("cut")).isEqualTo(100);
  }

  @Test
  void truncatingFindsTheLeaderFromEachNodeAlone() {
    create("found", "retention.ms", "-1");
    send("found", 10);
    for (String one : cluster.bootstrapServers().split(",", -1)) {
      try (var alone = NaruClient.builder().bootstrapServers(one).build()) {
        assertThat(
                alone
                    .admin()
                    .validateTruncate(new TopicPartition("found", 0), Position.offset(5))
                    .join()
                    .start())
            .isEqualTo(5);
      }
    }
  }

  @Test
  void truncatingByTimeKeepsTheFirstRecordThatIsNotEarlier() {
    create("timed", "retention.ms", "-1");
    var partition = new TopicPartition("timed", 0);
    send("timed", 10);
    var between = Instant.now().plusMillis(1);
    Eventually.allowing("the clock to go on", Duration.ofSeconds(1))
        .until("it is later", () -> Instant.now().isAfter(between));
    send("timed", 10);

    assertThat(naru.admin().truncate(partition, Position.time(between)).join().start())
        .isEqualTo(10);
    var never = Position.time(Instant.now().plus(Duration.ofDays(1)));
    assertThat(naru.admin().truncate(partition, never).join().start()).isEqualTo(20);
  }

  // ---- steps

  private TopicDescription create(String name, String... configs) {
    var topic =
        NewTopic.named(name)
            .partitions(1)
            .replicationFactor(3)
            .config("segment.bytes", Integer.toString(SEGMENT_BYTES));
    for (int i = 0; i < configs.length; i += 2) {
      topic = topic.config(configs[i], configs[i + 1]);
    }
    return naru.admin().createTopic(topic).join();
  }

  /** A few at a time: a batch that has to wait would take in more, and outgrow a segment. */
  private void send(String topic, int records) {
    try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
      for (int sent = 0; sent < records; sent += RECORDS_AT_A_TIME) {
        IntStream.range(sent, Math.min(records, sent + RECORDS_AT_A_TIME))
            .mapToObj(i -> producer.send(ProducerRecord.of(topic, new byte[0], VALUE)))
            .toList()
            .forEach(each -> each.join());
      }
    }
  }

  private long read(String topic, long from, OffsetReset reset) {
    try (var consumer =
        naru.consumer(Codec.bytes(), Codec.bytes()).autoOffsetReset(reset).build()) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(partition);
      consumer.seek(partition, from);
      var found = new ArrayList<Long>();
      Eventually.allowing("a leader, and a fetch that waits for records", Duration.ofSeconds(20))
          .until(
              "a record of " + topic + " is read",
              () -> {
                consumer.poll(Duration.ofSeconds(1)).forEach(each -> found.add(each.offset()));
                return !found.isEmpty();
              });
      return found.getFirst();
    }
  }

  private long firstOffset(String topic) {
    return naru.admin().truncate(new TopicPartition(topic, 0), Position.offset(0)).join().start();
  }

  private long endOffset(String topic) {
    return naru.admin()
        .validateTruncate(new TopicPartition(topic, 0), Position.end())
        .join()
        .start();
  }

  private int leaderOf(String topic) {
    return naru.admin().describeTopic(topic).join().partitions().getFirst().leader().orElseThrow();
  }

  private void assertRefused(TopicPartition partition, Position before, ErrorCode code) {
    assertThatThrownBy(() -> naru.admin().truncate(partition, before).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  // ---- files

  private List<Path> directories(TopicDescription topic) {
    return IntStream.rangeClosed(1, 3)
        .mapToObj(node -> cluster.dataDirectory(node).resolve(topic.id().orElseThrow() + "-0"))
        .toList();
  }

  private static List<Path> segments(Path directory) {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    } catch (NoSuchFileException notYet) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Path directory) {
    return segments(directory).stream().map(file -> file.getFileName().toString()).toList();
  }

  private static long baseOf(Path directory) {
    return names(directory).stream()
        .findFirst()
        .map(name -> Long.parseLong(name.substring(0, 20)))
        .orElse(0L);
  }

  private static List<Long> sizes(Path directory) {
    return segments(directory).stream()
        .map(file -> {
          try {
            return Files.size(file);
          } catch (NoSuchFileException goneMeanwhile) {
            return 0L;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .toList();
  }
}
