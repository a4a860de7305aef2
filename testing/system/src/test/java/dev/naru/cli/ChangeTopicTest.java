package dev.naru.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.testing.cluster.NaruCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What makes and changes topics, as somebody at a terminal sees it. */
class ChangeTopicTest {

  private final NaruCluster cluster = NaruCluster.of(1).start();
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  private final Commands commands = new Commands(cluster.bootstrapServers());

  @BeforeEach
  void create() {
    naru.admin()
        .createTopic(NewTopic.named("orders").partitions(2).config("retention.ms", "7d"))
        .join();
  }

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  /** So many partitions that their logs are made after a pause, unless somebody asks for them. */
  @Test
  void makesSeveralTopicsEachForItselfAndTheyTakeRecordsAtOnce() {
    var made = run("topics", "create", "a", "orders", "b", "-p", "100", "-o", "name");
    assertThat(made.status()).isNotZero();
    assertThat(made.stdout()).isEqualToNormalizingNewlines("topics/a\ntopics/b\n");
    assertThat(made.stderr()).contains("created topics/a: 100 partitions", "TOPIC_ALREADY_EXISTS");

    try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
      var sent = producer.send(ProducerRecord.of("b", null, new byte[1]));
      assertThat(sent).succeedsWithin(Duration.ofSeconds(10));
    }
    var again = run("topics", "create", "a", "c", "--if-not-exists");
    assertThat(again.status()).isZero();
    assertThat(again.stderr()).contains("topics/a exists", "created topics/c");
  }

  @Test
  void showsOldAndNewValues() {
    var would = run("topics", "alter", "orders", "--set", "retention.ms=1d", "--dry-run");
    assertThat(would.stdout())
        .isEqualToNormalizingNewlines(
            """
            SETTING       OLD        NEW
            retention.ms  604800000  86400000
            """);
    assertThat(would.stderr()).contains("would change topics/orders");

    var done = run("topics", "alter", "orders", "--set", "flush=os", "--unset", "retention.ms");
    assertThat(done.stdout())
        .isEqualToNormalizingNewlines(
            """
            SETTING       OLD        NEW
            flush         (default)  os
            retention.ms  604800000  (default)
            """);
    assertThat(done.stderr()).contains("changed topics/orders");
    var again = run("topics", "alter", "orders", "--set", "flush=os");
    assertThat(again.stdout()).isEmpty();
    assertThat(again.stderr()).contains("nothing changes in topics/orders");
  }

  @Test
  @Tag("S21")
  void showsThePartitionsThatAreNewAndHowToHaveFewer() {
    var would = run("topics", "add-partitions", "orders", "--total", "4", "--dry-run");
    assertThat(would.stdout())
        .isEqualToNormalizingNewlines(
            """
            PARTITION  LEADER  REPLICAS
            2          1       1
            3          1       1
            """);
    assertThat(would.stderr())
        .contains("topics/orders would have 4 partitions, after 2", "warning: KEYS_MOVE: ");

    assertThat(run("topics", "add-partitions", "orders", "--total", "4").status()).isZero();
    var fewer = run("topics", "add-partitions", "orders", "--total", "3");
    assertThat(fewer.status()).isEqualTo(4);
    assertThat(fewer.stderr())
        .contains("error: PARTITIONS_CANNOT_SHRINK: ", "to have fewer: create a topic with 3");
    assertThat(run("topics", "add-partitions", "nowhere", "--total", "3").status()).isEqualTo(3);
    assertThat(run("topics", "describe", "orders", "-o", "json").stdout())
        .contains("\"partitionCount\": 4");
  }

  private Commands.Outcome run(String... words) {
    return commands.run(words);
  }
}
