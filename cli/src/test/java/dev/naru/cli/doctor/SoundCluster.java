package dev.naru.cli.doctor;

import dev.naru.client.admin.ClusterDescription;
import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigSetting;
import dev.naru.client.admin.ConfigSubject;
import dev.naru.client.admin.NodeDescription;
import dev.naru.client.admin.NodeDescription.Role;
import dev.naru.client.admin.NodeDescription.State;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import dev.naru.client.admin.TopicWarning;
import dev.naru.client.admin.UpgradeReadiness;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Three sound nodes in three racks with one topic; tests make them ill. */
final class SoundCluster {

  static final long NOW_MILLIS = 1_700_000_000_000L;

  private static final String PAGE =
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

  final List<NodeFacts> nodes = new ArrayList<>(List.of(node(1, "a"), node(2, "b"), node(3, "c")));
  final List<TopicDescription> topics = new ArrayList<>(List.of(topic("orders", 3)));
  final Map<Integer, ConfigDescription> settings =
      new TreeMap<>(Map.of(1, settingsOf(1), 2, settingsOf(2), 3, settingsOf(3)));
  Optional<ConfigDescription> clusterSettings =
      Optional.of(config(ConfigSubject.cluster(), Map.of("min.insync.replicas", "2"), List.of()));
  Optional<UpgradeReadiness> upgrade = Optional.empty();
  List<Integer> voters = List.of(1, 2, 3);
  OptionalInt controller = OptionalInt.of(1);
  int bootstrapServers = 3;

  List<Finding> examine() {
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
    return Doctor.examine(
        new ClusterFacts(
            cluster,
            nodes,
            topics,
            new SettingsFacts(clusterSettings, settings),
            upgrade,
            bootstrapServers));
  }

  /** What should be acted on: severity, code, subject. */
  List<String> faults() {
    return examine().stream()
        .filter(finding -> finding.severity().isFault())
        .map(finding -> finding.severity() + " " + finding.check() + " " + finding.subject())
        .toList();
  }

  /** What the first finding of this check says. */
  String saidOf(Check check) {
    return examine().stream()
        .filter(finding -> finding.check() == check)
        .map(Finding::message)
        .findFirst()
        .orElseThrow();
  }

  /** The page of a node changes like this. */
  void showsInstead(int node, String shown, String instead) {
    var page = PAGE.replace(shown, instead);
    nodes.replaceAll(facts ->
        facts.node().id() == node
            ? new NodeFacts(
                facts.node(),
                Optional.of(MetricsText.parse(page)),
                "",
                facts.askedMillis(),
                facts.answerMillis())
            : facts);
  }

  /** The page of a node has these lines too. */
  void showsToo(int node, String lines) {
    showsInstead(node, "# HELP naru_disk_used_ratio Add space\n", lines);
  }

  static NodeFacts node(int id, String rack) {
    return new NodeFacts(
        described(id, rack, HostPort.parse("n" + id + ":1")),
        Optional.of(MetricsText.parse(PAGE)),
        "",
        NOW_MILLIS,
        10);
  }

  /** A node that serves, at this address whatever it is asked for. */
  static NodeDescription described(int id, String rack, HostPort address) {
    return new NodeDescription(
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
        "0.1.0",
        false);
  }

  static NodeFacts withVersion(NodeFacts facts, String version) {
    return changed(facts, facts.node().state(), facts.node().rack(), version);
  }

  static NodeFacts state(NodeFacts facts, State state) {
    return changed(facts, state, facts.node().rack(), facts.node().version());
  }

  static NodeFacts rackless(NodeFacts facts) {
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
            version,
            node.isDecommissioning()),
        facts.metrics(),
        facts.whyNoMetrics(),
        facts.askedMillis(),
        facts.answerMillis());
  }

  static ConfigDescription settingsOf(int node) {
    return settingsOf(node, Map.of());
  }

  /** Of a node that was started with these beside what all have. */
  static ConfigDescription settingsOf(int node, Map<String, String> others) {
    var settings =
        new TreeMap<>(
            Map.of(
                "node.id",
                Integer.toString(node),
                "listeners.client.bind",
                "n" + node + ":9410",
                "quorum.voters",
                "1@n1:9412,2@n2:9412,3@n3:9412",
                "log.cleaner.threads",
                "1"));
    settings.putAll(others);
    return config(ConfigSubject.node(node), settings, List.of());
  }

  static ConfigDescription config(
      ConfigSubject subject, Map<String, String> settings, List<TopicWarning> warnings) {
    return new ConfigDescription(
        subject,
        "",
        settings.entrySet().stream()
            .map(each -> setting(each.getKey(), each.getValue(), ConfigSetting.Source.FILE))
            .toList(),
        warnings,
        1);
  }

  static ConfigSetting setting(String key, String value, ConfigSetting.Source source) {
    return new ConfigSetting(key, value, source, "", Optional.empty(), Optional.empty(), 0);
  }

  static TopicDescription topic(String name, int copies) {
    return topic(name, copies, Map.of());
  }

  static TopicDescription topic(String name, int copies, Map<String, String> configs) {
    var replicas = List.of(1, 2, 3).subList(0, copies);
    return topic(name, configs, partition(0, OptionalInt.of(1), replicas, replicas));
  }

  static TopicDescription topic(
      String name, Map<String, String> configs, PartitionDescription... partitions) {
    return new TopicDescription(
        name,
        Optional.empty(),
        "",
        Instant.EPOCH,
        partitions.length,
        partitions[0].replicas().size(),
        new TreeMap<>(configs),
        List.of(partitions),
        List.of());
  }

  static PartitionDescription partition(
      int number, OptionalInt leader, List<Integer> replicas, List<Integer> isr) {
    return new PartitionDescription(
        number, leader, 1, 1, replicas, isr, List.of(), replicas.size());
  }
}
