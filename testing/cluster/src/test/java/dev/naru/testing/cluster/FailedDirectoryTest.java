package dev.naru.testing.cluster;

import static dev.naru.testing.cluster.RawClient.fetchOf;
import static dev.naru.testing.cluster.RawClient.position;
import static dev.naru.testing.cluster.RawClient.toPartition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One of several data directories of a node is gone: its partitions are, the node is not. */
class FailedDirectoryTest {

  private static final int PARTITIONS = 6;

  /** Its file system is asked for space once a second. */
  private static final Eventually GIVEN_UP =
      Eventually.allowing("a look at the disk", Duration.ofSeconds(1))
          .and("a command, and its image", Duration.ofSeconds(2));

  @Test
  void takesItsPartitionsOutOfUseUntilItIsReplaced() throws Exception {
    try (var cluster = NaruCluster.of(3).withDataDirectories(2).start();
        var topics = new Topics(cluster)) {
      var topic = topics.create("orders", PARTITIONS, 3);
      produceToAll(topics, topic, "before");
      int node = topics.leaderOf("orders", 0);
      var failing = directoryOf(cluster, node, 0);
      var inFailing = partitionsIn(failing);
      assertThat(inFailing).hasSizeBetween(1, PARTITIONS - 1);

      Files.move(failing, failing.resolveSibling("gone"));

      awaitIsr(topics, inFailing, 2);
      assertThat(metrics(cluster, node))
          .containsPattern("naru_storage_failed\\{dir=\"" + failing + "\".*} 1\\.0");
      assertThat(isrOfOthers(topics, inFailing)).containsOnly(3);
      produceToAll(topics, topic, "without");

      cluster.stop(node);
      Files.writeString(failing, "no directory");
      cluster.start(node);

      topics.awaitServed("orders");
      for (int partition = 0; partition < PARTITIONS; partition++) {
        topics.awaitIsr("orders", partition, inFailing.contains(partition) ? 2 : 3);
      }
      assertThat(metrics(cluster, node))
          .containsPattern("naru_storage_failed\\{dir=\"" + failing + "\".*} 1\\.0");
      produceToAll(topics, topic, "still without");

      cluster.stop(node);
      Files.delete(failing);
      cluster.formatReplacements(node);
      cluster.start(node);

      for (int partition = 0; partition < PARTITIONS; partition++) {
        topics.awaitIsr("orders", partition, 3);
        var leader = topics.client(topics.leaderOf("orders", partition));
        var read = leader.fetch(fetchOf(position(topic, partition, 0))).join();
        assertThat(Batches.values(read)).containsExactly("before", "without", "still without");
      }
    }
  }

  /** It would be elected, and everything that lies in the directory would be lost. */
  @Test
  void letsNoEmptyLogStandInForOneThatCannotBeSeen() throws Exception {
    try (var cluster = NaruCluster.of(1).withDataDirectories(2).start();
        var topics = new Topics(cluster)) {
      var topic = topics.create("orders", PARTITIONS, 1);
      produceToAll(topics, topic, "before");
      var failing = cluster.dataDirectories(1).getLast();
      var inFailing = partitionsIn(failing);
      assertThat(inFailing).hasSizeBetween(1, PARTITIONS - 1);

      cluster.stop(1);
      Files.move(failing, failing.resolveSibling("unmounted"));
      Files.writeString(failing, "no directory");
      cluster.start(1);

      for (int partition = 0; partition < PARTITIONS; partition++) {
        assertThat(topics.partition("orders", partition).hasLeader())
            .as("partition %d has a leader", partition)
            .isEqualTo(!inFailing.contains(partition));
      }
      assertThat(partitionsIn(cluster.dataDirectories(1).getFirst()))
          .doesNotContainAnyElementsOf(inFailing);
      var later = topics.client().createTopic("later", 2, 1);
      topics.awaitServed("later");
      produce(topics, "later", RawClient.idOf(later), 1, "new");
    }
  }

  private static void produceToAll(Topics topics, Uuid topic, String value) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      produce(topics, "orders", topic, partition, value);
    }
  }

  private static void produce(Topics topics, String name, Uuid topic, int partition, String value) {
    Topics.FAILOVER.until(
        value + " is acknowledged by partition " + partition,
        () ->
            topics
                .client(topics.leaderOf(name, partition))
                .produce(toPartition(topic, partition, Acks.ACKS_ALL), Batches.of(value))
                .join()
                .getError()
                .equals(ErrorCode.ERROR_CODE_NONE));
  }

  private static void awaitIsr(Topics topics, SortedSet<Integer> partitions, int size) {
    GIVEN_UP.until(
        "the partitions " + partitions + " have " + size + " replicas in sync",
        () ->
            partitions.stream()
                .allMatch(each -> topics.partition("orders", each).getIsrCount() == size));
  }

  private static SortedSet<Integer> isrOfOthers(Topics topics, SortedSet<Integer> partitions) {
    var sizes = new TreeSet<Integer>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      if (!partitions.contains(partition)) {
        sizes.add(topics.partition("orders", partition).getIsrCount());
      }
    }
    return sizes;
  }

  private static Path directoryOf(NaruCluster cluster, int node, int partition) throws IOException {
    for (var directory : cluster.dataDirectories(node)) {
      if (partitionsIn(directory).contains(partition)) {
        return directory;
      }
    }
    throw new AssertionError("Expected partition " + partition + " on node " + node);
  }

  /** Names are the id of the topic, which is the only one, a dash and the number. */
  private static SortedSet<Integer> partitionsIn(Path directory) throws IOException {
    var found = new TreeSet<Integer>();
    try (var entries = Files.newDirectoryStream(directory, "*-*-*-*-*-*")) {
      for (var entry : entries) {
        var name = String.valueOf(entry.getFileName());
        found.add(Integer.valueOf(name.substring(name.lastIndexOf('-') + 1)));
      }
    }
    return found;
  }

  private static String metrics(NaruCluster cluster, int node) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + "/metrics"))
              .build();
      return client.send(request, BodyHandlers.ofString(UTF_8)).body();
    }
  }
}
