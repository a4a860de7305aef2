package dev.naru.testing.cluster;

import static java.util.Objects.requireNonNull;
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
import dev.naru.client.admin.TopicDescription;
import dev.naru.testing.Eventually;
import dev.naru.testing.cluster.StoredReplica.Row;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Replicas compact their logs on real disks, each for itself, and stay equal for readers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompactedTopicsTest {

  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int KEYS = 300;
  private static final int ROUNDS = 8;

  /** Longer than any key is in use, so that a round fills two segments. */
  private static final String PADDING = "x".repeat(80);

  /** What passes between a write and the last pass over it, on the last replica. */
  private static final Eventually COMPACTION =
      Eventually.allowing("segment.ms, and a look at segments", Duration.ofSeconds(2))
          .and("a look at logs, and a pass", Duration.ofSeconds(1))
          .and("delete.retention.ms, a look and a pass again", Duration.ofSeconds(2))
          .and("a machine that others use too", Duration.ofSeconds(10));

  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;

  @BeforeAll
  void start() {
    cluster = NaruCluster.of(3).with("log.cleaner.backoff.ms", "100ms").start();
    topics = new Topics(cluster);
    naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  }

  @AfterAll
  void stop() {
    naru.close();
    topics.close();
    cluster.close();
  }

  @Test
  @Tag("S41")
  @Tag("S42")
  @Tag("S43")
  void everyKeysNewestValueIsReadAtItsOwnOffset() {
    var table = new Table("prices");

    for (int round = 0; round < ROUNDS; round++) {
      table.put(0, KEYS, "round " + round);
      table.delete(round * 10, round * 10 + 20);
      table.assertReadable();
      table.assertNoKeyTwiceBelowTheCleanPoint();
    }

    table.awaitNothingButTheNewest();
    assertThat(table.read()).isEqualTo(table.visible());
    for (int node = 1; node <= 3; node++) {
      assertThat(metrics(node))
          .containsPattern("naru_log_cleaner_reclaimed_bytes[^}]*by=\"compaction\"[^}]*} [1-9]")
          .containsPattern("naru_log_cleaner_dirty_ratio[^ ]* 0")
          .containsPattern("naru_log_cleaner_uncleanable_partitions[^ ]* 0");
    }
  }

  @Test
  @Tag("S41")
  void deletedKeysStayGoneWhenTheLeaderIsKilledWhileItIsCompacted() {
    var table = new Table("stock");
    for (int round = 0; round < ROUNDS; round++) {
      table.put(0, KEYS, "round " + round);
    }
    table.delete(0, 100);
    int leader = topics.leaderOf(table.name, 0);

    cluster.kill(leader);

    table.delete(100, 150);
    table.put(140, KEYS, "after the leader");
    assertThat(table.read()).isEqualTo(table.visible());
    cluster.start(leader);
    topics.awaitIsr(table.name, 0, 3);
    table.awaitNothingButTheNewest();
    assertThat(table.read()).isEqualTo(table.visible());
  }

  @Test
  @Tag("S41")
  void aFollowerThatWasAwayForLongerThanDeletionsAreKeptStartsOver() {
    var table = new Table("users");
    table.put(0, KEYS, "old");
    topics.awaitIsr(table.name, 0, 3);
    int away = table.aFollower();
    cluster.kill(away);
    long itsEnd = table.stored(away).end();

    table.delete(0, 100);
    table.put(100, KEYS, "new");
    COMPACTION.untilAsserted(
        "deletions that it has not heard of are gone from both others",
        () -> {
          for (int node : cluster.running()) {
            assertThat(table.stored(node).purgedBelow()).isGreaterThan(itsEnd);
            assertThat(table.stored(node).rows()).containsExactlyElementsOf(table.rows());
          }
        });
    assertThat(table.stored(away).visible()).containsKeys(key(0), key(99));
    cluster.start(away);

    topics.awaitIsr(table.name, 0, 3);
    assertThat(whatWasSetAside(away)).anyMatch(why -> why.contains("deletions below"));
    table.awaitNothingButTheNewest();
    cluster.kill(topics.leaderOf(table.name, 0)); // else it would not have to serve them
    table.put(0, 10, "again");
    assertThat(table.read()).isEqualTo(table.visible());
    cluster.startAll();
    topics.awaitIsr(table.name, 0, 3);
    table.awaitNothingButTheNewest();
  }

  /** Its log ends inside what is one header at the leader by then. */
  @Test
  @Tag("S41")
  void aFollowerThatMissedPassesButNoDeletionGoesOnWhereItEnded() {
    var table = new Table("rates", Duration.ofDays(1));
    table.put(0, KEYS, "old");
    topics.awaitIsr(table.name, 0, 3);
    int away = table.aFollower();
    cluster.kill(away);
    var setAside = whatWasSetAside(away);

    table.put(0, KEYS, "newer");
    table.put(0, KEYS, "newest");
    COMPACTION.untilAsserted(
        "what it has is gone from both others",
        () -> {
          for (int node : cluster.running()) {
            assertThat(table.stored(node).rows()).containsExactlyElementsOf(table.rows());
          }
        });
    cluster.start(away);

    topics.awaitIsr(table.name, 0, 3);
    table.awaitNothingButTheNewest();
    assertThat(whatWasSetAside(away)).isEqualTo(setAside);
    assertThat(table.read()).isEqualTo(table.visible());
  }

  @Test
  void aRecordWithoutAKeyIsRefused() {
    var table = new Table("keyed");

    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      assertThatThrownBy(() -> producer.send(ProducerRecord.of(table.name, "who?")).join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              NaruException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_RECORD))
          .hasMessageContaining("Expected a key in every record of a compacted topic");
    }
    table.put(0, 1, "with a key");
    assertThat(table.read()).isEqualTo(table.visible());
  }

  // ---- a table of keys and values, and what it must be

  private static String key(int number) {
    return "key-%03d".formatted(number);
  }

  private final class Table {

    private final String name;
    private final TopicDescription topic;
    private final SortedMap<String, Row> newest = new TreeMap<>();

    Table(String name) {
      this(name, Duration.ofMillis(500));
    }

    Table(String name, Duration deleteRetention) {
      this.name = name;
      topic =
          naru.admin()
              .createTopic(
                  NewTopic.named(name)
                      .partitions(1)
                      .replicationFactor(3)
                      .config("cleanup.policy", "compact")
                      .config("segment.bytes", Integer.toString(SEGMENT_BYTES))
                      .config("segment.ms", "500")
                      .config("min.cleanable.dirty.ratio", "0.01")
                      .config("delete.retention.ms", Long.toString(deleteRetention.toMillis())))
              .join();
      topics.awaitServed(name);
    }

    void put(int fromKey, int toKey, String value) {
      send(fromKey, toKey, value + PADDING);
    }

    void delete(int fromKey, int toKey) {
      send(fromKey, toKey, null);
    }

    private void send(int fromKey, int toKey, @Nullable String value) {
      try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).batchSize(2_048).build()) {
        var sent = new LinkedHashMap<String, CompletableFuture<RecordAck>>();
        for (int i = fromKey; i < toKey; i++) {
          sent.put(key(i), producer.send(ProducerRecord.of(name, key(i), value)));
        }
        sent.forEach((key, ack) ->
            newest.put(key, new Row(ack.join().offset(), key, Optional.ofNullable(value))));
      }
    }

    SortedMap<String, Row> visible() {
      var visible = new TreeMap<>(newest);
      visible.values().removeIf(row -> row.value().isEmpty());
      return visible;
    }

    /** The same, in the order of their offsets. */
    List<Row> rows() {
      return visible().values().stream()
          .sorted((a, b) -> Long.compare(a.offset(), b.offset()))
          .toList();
    }

    /** What a consumer ends up with that reads it all. */
    SortedMap<String, Row> read() {
      var visible = new TreeMap<String, Row>();
      long before = -1;
      for (Row row : readAll()) {
        assertThat(row.offset()).isGreaterThan(before);
        before = row.offset();
        visible.put(row.key(), row);
      }
      visible.values().removeIf(row -> row.value().isEmpty());
      return visible;
    }

    private List<Row> readAll() {
      var rows = new ArrayList<Row>();
      var partition = new TopicPartition(name, 0);
      try (var consumer =
          naru.consumer(Codec.utf8(), Codec.utf8()).autoOffsetReset(OffsetReset.EARLIEST).build()) {
        consumer.assign(partition);
        long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
        COMPACTION.until(
            "all was read up to " + end,
            () -> {
              for (var each : consumer.poll(Duration.ofMillis(100))) {
                var key = requireNonNull(each.key());
                rows.add(new Row(each.offset(), key, Optional.ofNullable(each.value())));
              }
              return consumer.position(partition) >= end;
            });
      }
      return rows;
    }

    void assertReadable() {
      assertThat(read()).isEqualTo(visible());
    }

    void assertNoKeyTwiceBelowTheCleanPoint() {
      for (int node : cluster.running()) {
        var clean = new AtomicReference<List<String>>(List.of());
        COMPACTION.untilAsserted(
            "files of node " + node + " are read", () -> clean.set(stored(node).cleanKeys()));
        assertThat(clean.get()).as("node " + node).doesNotHaveDuplicates();
      }
    }

    void awaitNothingButTheNewest() {
      COMPACTION.untilAsserted(
          "each replica holds the newest records and nothing else",
          () -> {
            for (int node = 1; node <= 3; node++) {
              assertThat(stored(node).isClean()).as("node " + node + " is clean").isTrue();
              assertThat(stored(node).rows()).as("node " + node).containsExactlyElementsOf(rows());
            }
          });
    }

    int aFollower() {
      int leader = topics.leaderOf(name, 0);
      return cluster.running().stream().filter(node -> node != leader).findFirst().orElseThrow();
    }

    StoredReplica stored(int node) {
      return StoredReplica.read(
          cluster.dataDirectory(node).resolve(topic.id().orElseThrow() + "-0"));
    }
  }

  // ---- files and pages

  /** Why logs or parts of them lie in lost+found. */
  private List<String> whatWasSetAside(int node) {
    var lostAndFound = cluster.dataDirectory(node).resolve("lost+found");
    if (!Files.exists(lostAndFound)) {
      return List.of();
    }
    try (var files = Files.walk(lostAndFound)) {
      var lines = new ArrayList<String>();
      for (Path manifest : files.filter(file -> file.endsWith("manifest")).toList()) {
        lines.addAll(Files.readAllLines(manifest));
      }
      return lines;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String metrics(int node) {
    try (var http = HttpClient.newHttpClient()) {
      var uri = URI.create("http://" + cluster.httpAddress(node) + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
