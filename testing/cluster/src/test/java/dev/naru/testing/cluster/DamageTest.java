package dev.naru.testing.cluster;

import static dev.naru.testing.cluster.RawClient.fetchOf;
import static dev.naru.testing.cluster.RawClient.position;
import static dev.naru.testing.cluster.RawClient.toPartition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.Uuid;
import dev.naru.testing.Eventually;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bit flips in a closed segment: nobody is served it, and the replica is made whole again. */
class DamageTest {

  private static final String TOPIC = "orders";
  private static final int BATCHES = 40;

  /** The scrubber comes by, the controller decides, the rest is fetched. */
  private static final Eventually HEALED =
      Eventually.allowing("a pass of the scrubber", Duration.ofSeconds(3))
          .and("the controller to rule the replica out", Duration.ofSeconds(2))
          .and("the look at damaged replicas", Duration.ofSeconds(2))
          .and("a subscription and a proposal", Duration.ofSeconds(5));

  private NaruCluster cluster;
  private Topics topics;
  private Uuid topic = Uuid.getDefaultInstance();
  private final List<String> written = new ArrayList<>();

  @BeforeEach
  void start() {
    cluster =
        NaruCluster.of(3)
            .with("log.scrub.interval.ms", "1000")
            .with("log.scrub.bytes.per.second", "100000000")
            .start();
    topics = new Topics(cluster);
  }

  @AfterEach
  void stop() {
    topics.close();
    cluster.close();
  }

  @Test
  void healsAFollowerThatIsDamagedWhileItRuns() throws Exception {
    write(3);
    int follower = follower();

    flipABit(follower);

    awaitRepair(follower);
    assertAllIsThere();
  }

  @Test
  void movesTheLeadershipAndHealsALeaderThatIsDamagedWhileItRuns() throws Exception {
    write(3);
    int leader = topics.leaderOf(TOPIC, 0);

    flipABit(leader);
    assertThat(read()).isEqualTo(written); // from whomever, while it is found and healed

    awaitRepair(leader);
    assertThat(topics.leaderOf(TOPIC, 0)).isNotEqualTo(leader);
    assertAllIsThere();
  }

  @Test
  void healsAFollowerThatWasDamagedWhileItWasStopped() throws Exception {
    write(3);
    int follower = follower();
    cluster.stop(follower);

    flipABit(follower);
    cluster.start(follower);

    awaitRepair(follower);
    assertAllIsThere();
  }

  @Test
  void healsALeaderWhoseSegmentWasLostWhileItWasDead() throws Exception {
    write(3);
    int leader = topics.leaderOf(TOPIC, 0);
    cluster.kill(leader);

    Files.delete(log(leader, closed(leader).getFirst()));
    cluster.start(leader);

    awaitRepair(leader);
    assertAllIsThere();
  }

  @Test
  void leavesADiskAloneThatDamagesAgainAndAgain() throws Exception {
    write(3);
    int follower = follower();
    for (int repaired = 1; repaired <= 2; repaired++) {
      flipABit(follower);
      awaitEvents(follower, "CORRUPTION_REPAIRED", repaired);
    }

    flipABit(follower);
    awaitEvents(follower, "CORRUPTION_FOUND", 3);

    topics.awaitIsr(TOPIC, 0, 2);
    assertThat(metrics(follower)).containsPattern("naru_replicas_damaged\\{[^}]*} 1");
    cluster.stop(follower);
    cluster.start(follower);
    awaitRepair(follower);
    assertAllIsThere();
  }

  /** There is nobody to fetch it from: nothing is cut, nothing is served, nothing is lost. */
  @Test
  void keepsWhatIsIntactOfTheOnlyReplica() throws Exception {
    write(1);
    int only = topics.leaderOf(TOPIC, 0);
    var segments = closed(only);
    int victim = segments.size() / 2;

    flipABit(log(only, segments.get(victim)));

    HEALED.until("nobody leads", () -> !topics.partition(TOPIC, 0).hasLeader());
    cluster.stop(only);
    cluster.start(only);
    assertThat(topics.partition(TOPIC, 0).hasLeader()).isFalse();
    var kept = closed(only);
    assertThat(kept).containsAll(segments.subList(0, victim));
    assertThat(kept).containsAll(segments.subList(victim + 1, segments.size()));
    try (var setAside = Files.walk(cluster.dataDirectory(only).resolve("lost+found"))) {
      assertThat(setAside.map(file -> file.getFileName().toString()))
          .contains(segments.get(victim));
    }
    assertThat(topics.topic(TOPIC).getUid()).isNotEmpty();
  }

  // ---- the topic

  private void write(int replicas) {
    var created =
        topics
            .client()
            .topics()
            .createTopic(
                CreateTopicRequest.newBuilder()
                    .setTopic(TOPIC)
                    .setPartitionCount(1)
                    .setReplicationFactor(replicas)
                    .addConfigs(ConfigEntry.newBuilder().setKey("segment.bytes").setValue("16384"))
                    .build());
    topics.awaitServed(TOPIC);
    topic = RawClient.idOf(created);
    var leader = topics.client(topics.leaderOf(TOPIC, 0));
    for (int i = 0; i < BATCHES; i++) {
      var value = i + "-" + "x".repeat(3_000);
      var result = leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.of(value)).join();
      assertThat(result.getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
      written.add(value);
    }
  }

  private int follower() {
    int leader = topics.leaderOf(TOPIC, 0);
    return cluster.running().stream().filter(node -> node != leader).findFirst().orElseThrow();
  }

  /** Everything, from whoever leads; somebody who does not answer is asked again. */
  private List<String> read() {
    var values = new ArrayList<String>();
    HEALED.until(
        "all was read",
        () -> {
          var answer =
              topics
                  .client(topics.leaderOf(TOPIC, 0))
                  .fetch(fetchOf(position(topic, 0, values.size())).setMaxWaitMs(100))
                  .join();
          values.addAll(Batches.values(answer));
          return values.size() >= BATCHES;
        });
    return values;
  }

  private void assertAllIsThere() throws IOException {
    topics.awaitIsr(TOPIC, 0, 3);
    assertThat(read()).isEqualTo(written);
    for (int node = 2; node <= 3; node++) {
      assertThat(stored(node)).as("node " + node).isEqualTo(stored(1));
    }
  }

  /** All batches of a replica, back to back, wherever its segments begin. */
  private byte[] stored(int node) throws IOException {
    var all = new ByteArrayOutputStream();
    try (var files = Files.list(directory(node))) {
      for (var log : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        all.write(Files.readAllBytes(log));
      }
    }
    return all.toByteArray();
  }

  // ---- files

  private void flipABit(int node) throws IOException {
    var names = closed(node);
    flipABit(log(node, names.get(names.size() / 2)));
  }

  private static void flipABit(Path log) throws IOException {
    try (var file = new RandomAccessFile(log.toFile(), "rw")) {
      file.seek(7_000);
      int before = file.read();
      file.seek(7_000);
      file.write(before ^ 0x10);
    }
  }

  /** The names of its closed segments, in order. */
  private List<String> closed(int node) throws IOException {
    try (var files = Files.list(directory(node))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".seal"))
          .map(name -> name.replace(".seal", ".log"))
          .sorted()
          .toList();
    }
  }

  private Path log(int node, String name) {
    return directory(node).resolve(name);
  }

  private Path directory(int node) {
    var id = new PartitionId(TopicId.of(topic.getHigh(), topic.getLow()), 0);
    return cluster.dataDirectory(node).resolve(id.toString());
  }

  // ---- what the node says

  private void awaitRepair(int node) {
    awaitEvents(node, "CORRUPTION_REPAIRED", 1);
    assertThat(metrics(node))
        .containsPattern("naru_events_total\\{code=\"CORRUPTION_FOUND\"[^}]*} 1")
        .containsPattern("naru_damage_found_total\\{[^}]*} 1")
        .containsPattern("naru_replicas_damaged\\{[^}]*} 0");
  }

  private void awaitEvents(int node, String code, int count) {
    var pattern = "(?s).*naru_events_total\\{code=\"" + code + "\"[^}]*} " + count + ".*";
    HEALED.until(
        "node " + node + " has said " + code + " " + count + " times",
        () -> metrics(node).matches(pattern));
  }

  private String metrics(int node) {
    try (var http = HttpClient.newHttpClient()) {
      var uri = URI.create("http://" + cluster.httpAddress(node) + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return ""; // it is being started
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
