package dev.naru.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.testing.Eventually;
import dev.naru.testing.cluster.NaruCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The follower dies, records are acknowledged by the leader alone, and then the leader dies. The
 * follower comes back, and is not safe: somebody has to say that it leads, and what is given up.
 */
class RecoverTest {

  private static final Eventually ELECTION =
      Eventually.allowing("a probe that is refused", Duration.ofSeconds(2))
          .and("an election of the quorum", Duration.ofSeconds(5))
          .and("the ISR to shrink", Duration.ofSeconds(10));

  private static final Eventually REJOIN =
      Eventually.allowing("a subscription, tried again", Duration.ofSeconds(5))
          .and("a proposal of the leader", Duration.ofSeconds(5));

  private final NaruCluster cluster = NaruCluster.of(3).start();
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  private final Commands commands = new Commands(cluster.bootstrapServers());

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  @Tag("S56")
  void letsTheReplicaOfOnesChoiceLeadAndSaysWhatIsGivenUp() {
    naru.admin()
        .createTopic(
            NewTopic.named("orders")
                .partitions(1)
                .replicationFactor(2)
                .config("min.insync.replicas", "1"))
        .join();
    ELECTION.until("both are in sync", () -> isr().size() == 2);
    int first = partition().orElseThrow().leader().orElseThrow();
    int other =
        partition().orElseThrow().replicas().stream()
            .filter(node -> node != first)
            .findFirst()
            .orElseThrow();
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      producer.send(ProducerRecord.of("orders", "kept")).join();
      assertThat(commands.run("partitions", "recover", "orders/0", "--dry-run").status())
          .as("it has a leader")
          .isEqualTo(2);
      cluster.kill(other);
      ELECTION.until("the leader is alone", () -> isr().equals(List.of(first)));
      producer.send(ProducerRecord.of("orders", "given up")).join();
    }
    cluster.kill(first);
    cluster.start(other);
    ELECTION.until(
        "nobody leads", () -> partition().map(each -> each.leader().isEmpty()).orElse(false));

    var shown = commands.run("partitions", "recover", "orders/0", "--dry-run");
    assertThat(shown.status()).isZero();
    assertThat(shown.stdout())
        .contains("LOST IF IT LEADS", "node " + other + " would lead orders/0");
    assertThat(commands.run("partitions", "recover", "orders/0", "--best").status())
        .as("nobody to ask")
        .isEqualTo(2);
    assertThat(partition().orElseThrow().leader()).isEmpty();

    var node = Integer.toString(other);
    var done = commands.run("partitions", "recover", "orders/0", "--node", node, "--yes");

    assertThat(done.stderr()).contains("LOST IF IT LEADS");
    assertThat(done.stdout()).startsWith("node " + other + " leads orders/0; lost for good: ");
    assertThat(done.status()).isZero();
    assertThat(partition().orElseThrow().leader()).hasValue(other);
    cluster.start(first);
    REJOIN.until("both are in sync again", () -> isr().size() == 2);
    var cut = commands.run("salvage", "list", "--topic", "orders");
    assertThat(cut.stdout()).contains("cut-tail", "orders/0");
  }

  private List<Integer> isr() {
    return partition().map(PartitionDescription::isr).orElse(List.of());
  }

  private Optional<PartitionDescription> partition() {
    try {
      return Optional.of(naru.admin().describeTopic("orders").join().partitions().getFirst());
    } catch (CompletionException e) { // a client's connections lag behind nodes that come back
      return Optional.empty();
    }
  }
}
