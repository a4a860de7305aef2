package dev.naru.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.admin.ClusterDescription;
import dev.naru.client.admin.NodeDescription;
import dev.naru.client.admin.NodeDescription.Role;
import dev.naru.client.admin.NodeDescription.State;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import dev.naru.testing.Repository;
import dev.naru.types.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DoctorTest {

  private static final long NOW_MILLIS = 1_700_000_000_000L;

  private static final String SOUND =
      """
      # HELP naru_disk_used_ratio Add space
      naru_disk_used_ratio{dir="/data",node="1"} 0.4
      naru_storage_failed{dir="/data",node="1"} 0.0
      process_files_max_files{node="1"} 100000.0
      process_files_open_files{node="1"} 500.0
      naru_host_memory_available_bytes{node="1"} 8.0E9
      naru_partition_rate_bytes{node="1",partition="0",topic="orders"} 1000000.0
      naru_wall_clock_seconds{node="1"} 1.7E9
      """;

  private final List<NodeFacts> nodes =
      new ArrayList<>(List.of(node(1, "a", SOUND), node(2, "b", SOUND), node(3, "c", SOUND)));
  private final List<TopicDescription> topics = new ArrayList<>(List.of(topic("orders", 3)));
  private List<Integer> voters = List.of(1, 2, 3);
  private OptionalInt controller = OptionalInt.of(1);
  private int bootstrapServers = 3;

  @Test
  void findsNothingInASoundCluster() {
    assertThat(faults()).isEmpty();
    assertThat(examine())
        .filteredOn(finding -> finding.severity() == Severity.NOT_CHECKED)
        .extracting(Finding::check)
        .containsExactly(Check.DEFAULTS_DIFFER, Check.CERTIFICATE_EXPIRES);
  }

  @Test
  void everyCheckSaysSomethingAndHasItsPartInThePages() throws IOException {
    var root = Repository.of(DoctorTest.class).root();
    var page = Files.readString(root.resolve("docs/guide/doctor.md"));

    assertThat(examine()).extracting(Finding::check).containsExactlyInAnyOrder(Check.values());
    for (var check : Check.values()) {
      assertThat(page).contains("### " + check + "\n");
      assertThat(root.resolve(check.page().replaceAll("#.*", ""))).exists();
    }
  }

  @Test
  void aClusterTooSmallOrSplitOverVersions() {
    nodes.removeLast();
    voters = List.of(1);
    bootstrapServers = 1;
    nodes.set(1, withVersion(nodes.get(1), "0.2.0"));

    assertThat(faults())
        .contains(
            "WARN FEWER_THAN_3_NODES cluster", "WARN SINGLE_VOTER cluster",
            "WARN ONE_BOOTSTRAP_SERVER cluster", "WARN UPGRADE_NOT_READY cluster");
  }

  @Test
  void nodesThatDoNotServeOrAreNotHeard() {
    controller = OptionalInt.empty();
    nodes.set(1, state(nodes.get(1), State.SUSPECTED));
    nodes.set(2, new NodeFacts(nodes.get(2).node(), Optional.empty(), "refused", NOW_MILLIS, 0));

    assertThat(faults())
        .containsExactly(
            "ERROR QUORUM_LOST cluster",
            "ERROR NODE_NOT_SERVING nodes/2",
            "WARN METRICS_NOT_REACHED nodes/3");
  }

  @Test
  @Tag("S57")
  void copiesInOneRackThatCouldBeInMore() {
    topics.clear();
    nodes.add(node(4, "a", SOUND));
    topics.add(
        new TopicDescription(
            "orders",
            Optional.empty(),
            "",
            Instant.EPOCH,
            1,
            3,
            new TreeMap<>(),
            List.of(partition(0, OptionalInt.of(1), List.of(1, 4, 2), List.of(1, 4, 2))),
            List.of()));

    assertThat(faults()).containsExactly("WARN RACK_CONCENTRATION topics/orders");

    nodes.replaceAll(DoctorTest::rackless); // racks that nobody names cannot be looked at
    assertThat(faults()).isEmpty();
  }

  @Test
  void topicsThatAFailureWouldStopOrLose() {
    topics.add(topic("single", 1));
    topics.add(topic("pair", 2));
    topics.add(topic("all-or-nothing", 3, Map.of("min.insync.replicas", "3")));

    assertThat(faults())
        .containsExactly(
            "WARN RF_BELOW_3 topics/single",
            "WARN RF_BELOW_3 topics/pair",
            "WARN MIN_ISR_EQUALS_RF topics/pair",
            "WARN MIN_ISR_EQUALS_RF topics/all-or-nothing");
  }

  @Test
  void partitionsWithoutALeaderOrWithoutAllCopies() {
    topics.add(
        new TopicDescription(
            "sick",
            Optional.empty(),
            "",
            Instant.EPOCH,
            3,
            3,
            new TreeMap<>(),
            List.of(
                partition(0, OptionalInt.empty(), List.of(1, 2, 3), List.of()),
                partition(1, OptionalInt.of(2), List.of(2, 3, 1), List.of(2)),
                partition(2, OptionalInt.of(3), List.of(3, 1, 2), List.of(3, 1, 2))),
            List.of()));

    assertThat(examine().getFirst().message()).isEqualTo("1 of 3 partitions have no leader: [0]");
    assertThat(faults())
        .containsExactly(
            "ERROR PARTITION_OFFLINE topics/sick", "WARN UNDER_REPLICATED topics/sick");
  }

  @Test
  void hostsThatRunOut() {
    nodes.set(
        0,
        node(
            1,
            "a",
            SOUND
                .replace("ratio{dir=\"/data\",node=\"1\"} 0.4", "ratio{dir=\"/data\"} 0.93")
                .replace("failed{dir=\"/data\",node=\"1\"} 0.0", "failed{dir=\"/d\"} 1.0")
                .replace("open_files{node=\"1\"} 500.0", "open_files{node=\"1\"} 90000.0")));
    nodes.set(
        1,
        node(
            2,
            "b",
            SOUND
                .replace("ratio{dir=\"/data\",node=\"1\"} 0.4", "ratio{dir=\"/data\"} 0.85")
                .replace("max_files{node=\"1\"} 100000.0", "max_files 1024.0")
                .replace("available_bytes{node=\"1\"} 8.0E9", "available_bytes 2.0E7")));

    assertThat(faults())
        .containsExactly(
            "ERROR FILE_LIMIT nodes/1",
            "ERROR DISK_FILLING nodes/1",
            "ERROR STORAGE_FAILED nodes/1",
            "WARN FILE_LIMIT nodes/2",
            "WARN DISK_FILLING nodes/2",
            "WARN PAGE_CACHE_SHORT nodes/2");
  }

  @Test
  void aClockThatIsNotAsThoseOfTheOthers() {
    nodes.set(2, node(3, "c", SOUND.replace("1.7E9", "1.7000000009E9")));
    assertThat(faults()).containsExactly("WARN CLOCK_SKEW nodes/3");

    nodes.set(2, node(3, "c", SOUND.replace("1.7E9", "1.69999999E9")));
    assertThat(faults()).containsExactly("ERROR CLOCK_SKEW nodes/3");
  }

  @Test
  void anAnswerThatTookLongProvesNothingOfAClock() {
    var late = node(3, "c", SOUND.replace("1.7E9", "1.7000000009E9"));
    nodes.set(2, new NodeFacts(late.node(), late.metrics(), "", late.askedMillis(), 2_000));

    assertThat(faults()).isEmpty();
  }

  @Test
  void loadThatIsUnevenAndGroupsThatFallBehind() {
    nodes.set(
        0,
        node(
            1,
            "a",
            SOUND
                + "naru_partition_skew_ratio{node=\"1\",topic=\"orders\"} 6.5\n"
                + "naru_group_lag_seconds{group=\"billing\",node=\"1\",topic=\"orders\"} 900.0\n"
                + "naru_group_lag_seconds{group=\"audit\",node=\"1\",topic=\"orders\"} NaN\n"));

    assertThat(faults())
        .containsExactly("WARN PARTITION_SKEW topics/orders", "WARN GROUP_LAG groups/billing");
  }

  private List<Finding> examine() {
    var cluster =
        new ClusterDescription(
            "c",
            1,
            1,
            Duration.ZERO,
            controller,
            voters,
            List.of(),
            nodes.size(),
            nodes.size(),
            topics.size(),
            1,
            0,
            0,
            "0.1.0");
    return Doctor.examine(new ClusterFacts(cluster, nodes, topics, bootstrapServers));
  }

  private List<String> faults() {
    return examine().stream()
        .filter(finding -> finding.severity().isFault())
        .map(finding -> finding.severity() + " " + finding.check() + " " + finding.subject())
        .toList();
  }

  private static NodeFacts node(int id, String rack, String page) {
    var address = HostPort.parse("n" + id + ":1");
    return new NodeFacts(
        new NodeDescription(
            id,
            State.RUNNING,
            Role.VOTER,
            id == 1,
            Optional.of(rack),
            1,
            address,
            address,
            address,
            1,
            1,
            "0.1.0"),
        Optional.of(MetricsText.parse(page)),
        "",
        NOW_MILLIS,
        10);
  }

  private static NodeFacts withVersion(NodeFacts facts, String version) {
    return changed(facts, facts.node().state(), facts.node().rack(), version);
  }

  private static NodeFacts state(NodeFacts facts, State state) {
    return changed(facts, state, facts.node().rack(), facts.node().version());
  }

  private static NodeFacts rackless(NodeFacts facts) {
    return changed(facts, facts.node().state(), Optional.empty(), facts.node().version());
  }

  private static NodeFacts changed(
      NodeFacts facts, State state, Optional<String> rack, String version) {
    var node = facts.node();
    return new NodeFacts(
        new NodeDescription(
            node.id(),
            state,
            node.role(),
            node.isController(),
            rack,
            node.epoch(),
            node.clientAddress(),
            node.internalAddress(),
            node.httpAddress(),
            1,
            1,
            version),
        facts.metrics(),
        facts.whyNoMetrics(),
        facts.askedMillis(),
        facts.answerMillis());
  }

  private static TopicDescription topic(String name, int copies) {
    return topic(name, copies, Map.of());
  }

  private static TopicDescription topic(String name, int copies, Map<String, String> configs) {
    var replicas = List.of(1, 2, 3).subList(0, copies);
    return new TopicDescription(
        name,
        Optional.empty(),
        "",
        Instant.EPOCH,
        1,
        copies,
        new TreeMap<>(configs),
        List.of(partition(0, OptionalInt.of(1), replicas, replicas)),
        List.of());
  }

  private static PartitionDescription partition(
      int number, OptionalInt leader, List<Integer> replicas, List<Integer> isr) {
    return new PartitionDescription(number, leader, 1, 1, replicas, isr, List.of());
  }
}
