package dev.naru.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.Manifest;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.record.Compression;
import dev.naru.testing.Eventually;
import dev.naru.testing.cluster.NaruCluster;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A leader that was alone acknowledges records with acks=1 and dies; the others go on without it,
 * and when it returns it cuts them off. Whoever misses them lists, looks, and writes them again.
 */
class SalvageTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Pattern NAME = Pattern.compile("nodes/\\d+/salvage/[0-9a-f]{8}-\\d+");

  private static final Eventually ELECTION =
      Eventually.allowing("a probe that is refused", Duration.ofSeconds(2))
          .and("an election of the quorum", Duration.ofSeconds(5));

  private static final Eventually REJOIN =
      Eventually.allowing("a subscription, tried again", Duration.ofSeconds(5))
          .and("a proposal of the leader", Duration.ofSeconds(5));

  private final NaruCluster cluster = NaruCluster.of(3).start();
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  private final Commands commands = new Commands(cluster.bootstrapServers());
  private String stdout = "";
  private String stderr = "";

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  void whatALeaderThatReturnsCutsOffIsListedShownAndWrittenAgain() throws Exception {
    int first = cutTail();

    assertThat(run("salvage", "list", "--topic", "orders/0", "-o", "name")).isZero();
    String name = stdout.strip();
    assertThat(name).matches(NAME).startsWith("nodes/" + first + "/");
    run("salvage", "list", "--node", Integer.toString(first));
    assertThat(row(1)).contains("orders/0", "cut-tail");
    assertThat(row(1)).element(row(0).indexOf("OFFSETS")).isEqualTo("1-2");
    assertThat(run("salvage", "list", "--topic", "payments", "-o", "name")).isZero();
    assertThat(stdout).isEmpty();

    assertThat(run("salvage", "show", name, "--records")).isZero();
    assertThat(stdout).contains("\"lost 1\"", "\"lost 2\"", "\"trace\"=\"7\"");
    assertThat(run("salvage", "show", name, "--records", "--max", "1", "-o", "jsonl")).isZero();
    assertThat(stdout).contains("lost 1", "\"kind\":\"batch\"").doesNotContain("lost 2");

    assertThat(run("salvage", "republish", name, "--dry-run")).isZero();
    assertThat(stdout).contains("2 records of", "would go to orders/0");
    assertThat(run("salvage", "republish", name, "--dry-run", "--from", "2")).isZero();
    assertThat(stdout).contains("1 record of", "would go to orders/0");
    assertThat(stderr).contains("1 record passed over by --from");
    assertThat(run("salvage", "republish", name)).as("nobody to ask").isEqualTo(2);
    assertThat(values()).containsExactly("committed", "in its place");

    var filesBefore = files(first);
    assertThat(run("salvage", "republish", name, "--yes")).isZero();
    assertThat(stdout).contains("offsets 1-2 are now orders/0@2-3");
    assertThat(stderr).contains("2 records written, 0 left out");
    assertThat(files(first)).as("nothing is written down of it").isEqualTo(filesBefore);
    var records = read();
    assertThat(records)
        .extracting(ConsumerRecord::value)
        .containsExactly("committed", "in its place", "lost 1", "lost 2");
    assertThat(records.getLast())
        .satisfies(again -> {
          assertThat(again.key()).isEqualTo("k");
          assertThat(again.timestamp()).isEqualTo(THEN);
          assertThat(again.headers()).extracting(header -> header.name()).containsExactly("trace");
        });
  }

  @Test
  void whatTheLogHoldsIsNotWrittenAgainAndWhatWasDeletedNotAtAll() throws Exception {
    int first = cutTail();
    run("salvage", "list", "-o", "name");
    String tail = stdout.strip();
    naru.admin().createTopic(NewTopic.named("other").partitions(1).replicationFactor(1)).join();
    assertThat(run("salvage", "republish", tail, "--to", "other/1", "--yes")).isEqualTo(3);
    assertThat(run("salvage", "republish", tail, "--to", "other", "--yes")).isZero();
    assertThat(stdout).contains("are now other/0@0-1");

    naru.admin().deleteTopic("orders").join();
    REJOIN.until(
        "the logs of the topic are set aside",
        () -> run("salvage", "list") == 0 && stdout.contains("topic-deleted"));
    run("salvage", "list", "-o", "jsonl");
    String deleted =
        stdout
            .lines()
            .filter(line -> line.contains("REASON_TOPIC_DELETED"))
            .findFirst()
            .orElseThrow();
    var matcher = NAME.matcher(deleted);
    assertThat(matcher.find()).isTrue();
    assertThat(run("salvage", "show", matcher.group(), "--records")).isZero();
    assertThat(stdout).contains("\"committed\"");
    assertThat(run("salvage", "republish", matcher.group(), "--to", "other", "--yes")).isEqualTo(4);
    assertThat(stderr).contains("cut off the end of a log", "a person deleted its topic");
    assertThat(run("salvage", "republish", tail, "--yes")).as("its topic is gone").isEqualTo(3);
    assertThat(stderr).contains("--to TOPIC/P names another");

    cluster.kill(first);
    assertThat(run("salvage", "list", "--timeout", "10s")).as("one is not heard").isEqualTo(5);
    assertThat(stderr).contains("node " + first + " could not be asked");
    assertThat(stdout).contains("topic-deleted");
    assertThat(run("salvage", "list", "--node", "9")).isEqualTo(3);
  }

  @Test
  void whatTheLogHoldsAtTheSameOffsetAndEpochIsNotWrittenAgain() throws Exception {
    naru.admin().createTopic(NewTopic.named("orders").partitions(1).replicationFactor(3)).join();
    awaitIsr(3);
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      producer.send(record("one").withHeader("trace", "7")).join();
      producer.send(record("two")).join();
    }
    String large = // fits only because it is compressed
        IntStream.range(0, 300_000).mapToObj(Integer::toString).collect(Collectors.joining());
    try (var producer =
        naru.producer(Codec.utf8(), Codec.utf8())
            .compression(Compression.ZSTD)
            .maxRequestSize(4 << 20)
            .build()) {
      producer.send(record(large)).join();
    }
    setAsideACopy(leader().orElseThrow());
    run("salvage", "list", "-o", "name");
    String copy = stdout.strip();

    assertThat(run("salvage", "republish", copy, "--yes")).isZero();
    assertThat(stderr).contains("0 records written, 3 left out that the log still holds");
    assertThat(values()).containsExactly("one", "two", large);

    naru.admin().createTopic(NewTopic.named("other").partitions(1).replicationFactor(1)).join();
    assertThat(run("topics", "truncate", "orders", "--before", "offset:1", "--yes")).isZero();
    assertThat(run("salvage", "republish", copy, "--to", "other", "--yes", "-q")).isZero();
    assertThat(stderr).contains("warning: OFFSET_OUT_OF_RANGE: 1 record").doesNotContain("written");
    assertThat(stdout).contains("offsets 0-0 are now other/0@0-0");

    naru.admin().deleteTopic("orders").join();
    REJOIN.until(
        "its topic is gone",
        () -> run("salvage", "republish", copy, "--to", "other", "--dry-run") == 0);
    assertThat(run("salvage", "republish", copy, "--to", "other", "--yes")).isZero();
    assertThat(stdout).contains("offsets 0-2 are now other/0@1-3");
  }

  /** As after a crash in the middle of a cut: the tail is in both places. */
  private void setAsideACopy(int node) throws Exception {
    var topic = naru.admin().describeTopic("orders").join().id().orElseThrow();
    var partition = new PartitionId(new TopicId(topic), 0);
    var manifest =
        new Manifest(partition, SetAsideReason.CUT_TAIL, "test", 0, 3, "", 0, Keep.FOR_A_TIME);
    var data = cluster.dataDirectory(node);
    var place = data.resolve("lost+found").resolve("00000099-" + partition);
    Files.createDirectories(place);
    // Records of long ago may close a segment between any two of them.
    try (var segments = Files.newDirectoryStream(data.resolve(partition.toString()), "*.log")) {
      for (var segment : segments) {
        Files.copy(segment, place.resolve(segment.getFileName()));
      }
    }
    Files.write(
        place.resolve("manifest"),
        ChecksummedText.encode(Manifest.KIND, Manifest.VERSION, manifest.lines()).array());
  }

  /** Returns the node that cut. */
  private int cutTail() {
    naru.admin().createTopic(NewTopic.named("orders").partitions(1).replicationFactor(3)).join();
    awaitIsr(3);
    int first = leader().orElseThrow();
    var others = cluster.running().stream().filter(node -> node != first).toList();
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).acks(Acks.LEADER).build()) {
      producer.send(record("committed")).join();
      ELECTION.until("it is committed", () -> values().size() == 1);
      others.forEach(cluster::kill);
      producer.send(record("lost 1")).join();
      producer.send(record("lost 2").withHeader("trace", "7")).join();
    }
    cluster.kill(first);
    cluster.start(others);
    ELECTION.until("another one leads", () -> leader().stream().anyMatch(others::contains));
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      producer.send(record("in its place")).join();
    }
    cluster.start(first);
    awaitIsr(3);
    return first;
  }

  private static ProducerRecord<String, String> record(String value) {
    return ProducerRecord.of("orders", "k", value).withPartition(0).withTimestamp(THEN);
  }

  private PartitionDescription partition() {
    return naru.admin().describeTopic("orders").join().partitions().getFirst();
  }

  private OptionalInt leader() {
    try {
      return partition().leader();
    } catch (CompletionException e) { // a client's connections lag behind nodes that come back
      return OptionalInt.empty();
    }
  }

  private void awaitIsr(int size) {
    REJOIN.until(size + " replicas are in sync", () -> partition().isr().size() == size);
  }

  private List<String> values() {
    return read().stream().map(ConsumerRecord::value).toList();
  }

  private List<ConsumerRecord<String, String>> read() {
    var all = new ArrayList<ConsumerRecord<String, String>>();
    try (var consumer =
        naru.consumer(Codec.utf8(), Codec.utf8()).autoOffsetReset(OffsetReset.EARLIEST).build()) {
      consumer.assign(PARTITION);
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        all.addAll(consumer.poll(Duration.ofSeconds(1)));
      }
    }
    return all;
  }

  /** Names and sizes of what the node has set aside. */
  private List<String> files(int node) throws Exception {
    try (Stream<Path> files = Files.walk(cluster.dataDirectory(node).resolve("lost+found"))) {
      var found = new ArrayList<String>();
      for (var file : files.sorted().toList()) {
        found.add(file + " " + Files.size(file));
      }
      return found;
    }
  }

  /** The words of a line of what was printed. */
  private List<String> row(int number) {
    return List.of(stdout.lines().skip(number).findFirst().orElseThrow().split("\\s{2,}"));
  }

  private int run(String... words) {
    var outcome = commands.run(words);
    stdout = outcome.stdout();
    stderr = outcome.stderr();
    return outcome.status();
  }
}
