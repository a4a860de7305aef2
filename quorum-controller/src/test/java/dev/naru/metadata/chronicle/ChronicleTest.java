package dev.naru.metadata.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.OperationState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.RandomCommands;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.testing.Golden;
import dev.naru.testing.Seeds;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Compared with a look at everything that two images hold: what differs there must be told once,
 * and nothing else.
 */
class ChronicleTest {

  private static final int COMMANDS = 400;

  @Test
  void tellsEachChangeOnceAndNothingElse() {
    var told = EnumSet.noneOf(ClusterEventCode.class);
    Seeds.forEach(
        40,
        (seed, random) -> {
          var commands = new RandomCommands(random);
          var cluster = TestCluster.of(3);
          for (int i = 0; i < COMMANDS; i++) {
            var before = cluster.image();
            var envelope = commands.next(before);

            var transition = cluster.apply(envelope);

            var events = Chronicle.of(before, cluster.index(), envelope, transition);
            assertThat(claims(events))
                .as("%s", envelope.command())
                .containsExactlyInAnyOrderElementsOf(differences(before, transition.image()));
            events.forEach(event -> told.add(event.code()));
          }
        });

    assertThat(told)
        .contains(
            ClusterEventCode.NODE_REGISTERED,
            ClusterEventCode.NODE_FENCED,
            ClusterEventCode.NODE_UNFENCED,
            ClusterEventCode.NODE_DRAINING,
            ClusterEventCode.LEADER_ELECTED,
            ClusterEventCode.LEADER_LOST,
            ClusterEventCode.ISR_SHRUNK,
            ClusterEventCode.ISR_EXPANDED,
            ClusterEventCode.TOPIC_CREATED,
            ClusterEventCode.TOPIC_ALTERED,
            ClusterEventCode.TOPIC_DELETED,
            ClusterEventCode.PARTITIONS_ADDED,
            ClusterEventCode.REASSIGNMENT_BEGUN,
            ClusterEventCode.OPERATION_BEGUN,
            ClusterEventCode.OPERATION_FINISHED,
            ClusterEventCode.CONFIG_CHANGED);
  }

  @Test
  void everySentenceHasItsFields() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var commands = new RandomCommands(random);
          var cluster = TestCluster.of(3);
          for (int i = 0; i < COMMANDS; i++) {
            var before = cluster.image();
            var envelope = commands.next(before);
            var transition = cluster.apply(envelope);
            Chronicle.of(before, cluster.index(), envelope, transition)
                .forEach(event -> {
                  assertThat(event.message()).doesNotContain("{");
                  assertThat(event.because()).doesNotContain("{").doesNotContain("none");
                  assertThat(event.fields().stream().map(EventField::name)).doesNotHaveDuplicates();
                });
          }
        });
  }

  @Test
  @Tag("S9")
  void idsRiseAndAreReadBack() {
    var cluster = TestCluster.of(3);
    var id = cluster.topicLedBy1(3, Map.of());
    var before = cluster.image();
    var envelope = fencing(cluster, 1);

    var transition = cluster.apply(envelope);
    var events = Chronicle.of(before, cluster.index(), envelope, transition);

    assertThat(events).extracting(ClusterEvent::id).isSorted().doesNotHaveDuplicates();
    assertThat(events)
        .allSatisfy(event -> assertThat(EventId.parse(event.id().toString())).contains(event.id()));
    assertThat(events.getFirst().code()).isEqualTo(ClusterEventCode.NODE_FENCED);
    assertThat(events.getFirst().because())
        .isEqualTo("node 1 sent no heartbeat for node.liveness.timeout.ms");
    assertThat(events)
        .filteredOn(event -> event.code() == ClusterEventCode.LEADER_ELECTED)
        .filteredOn(event -> event.subject().words().equals(cluster.image().nameOf(id)))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.because()).isEqualTo("node 1 was fenced");
          assertThat(event.field("leader_before")).contains("1");
          assertThat(event.message()).startsWith(cluster.image().nameOf(id) + " is led by node ");
        });
  }

  /**
   * Ids of events are their places. Where this fails the new event needs a metadata version of its
   * own, unless the image itself has changed.
   */
  @Test
  void tellsTheSameInTheSameOrderInEveryRelease() {
    var cluster = TestCluster.of(4);
    var topic = cluster.topic("orders", 3, Map.of());
    var id = topic.topic();
    var one = new NodeId(1);
    var two = new NodeId(2);
    var four = new NodeId(4);
    var flush = TreePMap.singleton("flush", "os");
    var lines = new ArrayList<String>();

    tell(
        cluster,
        lines,
        new CreateTopic(
            TopicId.of(1, 2), "payments", Optional.of(2), Optional.of(3), TreePMap.empty(), 7));
    tell(cluster, lines, new AddPartitions(id, 3, -7));
    tell(
        cluster,
        lines,
        new AlterTopicConfigs(
            id, flush.plus("retention.ms", "86400000"), TreePSet.empty(), Optional.empty()));
    tell(
        cluster,
        lines,
        new AlterConfigs(Optional.empty(), flush, TreePSet.empty(), Optional.empty(), "ann"));
    tell(cluster, lines, new FenceNode(one, cluster.epoch(1), FenceCause.SILENT));
    tell(cluster, lines, cluster.registration(1, LastStop.CLEAN));
    tell(cluster, lines, new ReportLogs(one, cluster.epoch(1), List.of(), true));
    tell(cluster, lines, new UnfenceNode(one, cluster.epoch(1)));
    tell(cluster, lines, new BeginShutdown(two, cluster.epoch(2)));
    tell(cluster, lines, new FenceNode(two, cluster.epoch(2), FenceCause.CONNECTION_REFUSED));
    tell(cluster, lines, new DrainNode(new UUID(3, 3), new NodeId(3)));
    tell(cluster, lines, new UndrainNode(new NodeId(3)));
    tell(cluster, lines, new FenceNode(four, cluster.epoch(4), FenceCause.SILENT));
    tell(cluster, lines, new DeleteTopic(id));

    Golden.of(ChronicleTest.class).assertText("chronicle.txt", String.join("\n", lines) + "\n");
  }

  private static void tell(TestCluster cluster, List<String> lines, MetadataCommand command) {
    var before = cluster.image();
    var envelope =
        new CommandEnvelope(
            new NodeId(0), CommandEnvelope.UNREGISTERED, 1_000 + lines.size(), 0, command);

    var transition = cluster.apply(envelope);

    lines.add(command.getClass().getSimpleName());
    Chronicle.of(before, cluster.index(), envelope, transition)
        .forEach(event ->
            lines.add(
                "  %d %s %s"
                    .formatted(event.id().ordinal(), event.code(), event.subject().resource())));
  }

  private static CommandEnvelope fencing(TestCluster cluster, int node) {
    return new CommandEnvelope(
        new NodeId(0),
        CommandEnvelope.UNREGISTERED,
        1_000,
        0,
        new FenceNode(new NodeId(node), cluster.epoch(node), FenceCause.SILENT));
  }

  // ---- what was told, and what differs, in the same words

  private static List<String> claims(List<ClusterEvent> events) {
    return events.stream()
        .map(event ->
            "%s %s%s"
                .formatted(
                    event.code(),
                    event.subject().resource(),
                    event.field("key").map(key -> " " + key).orElse("")))
        .toList();
  }

  private static List<String> differences(ClusterImage before, ClusterImage after) {
    var found = new ArrayList<String>();
    nodes(before, after, found);
    configs("cluster", "CONFIG_CHANGED", ofCluster(before), ofCluster(after), found);
    topics(before, after, found);
    operations(before, after, found);
    if (before.metadataVersion() != after.metadataVersion()) {
      found.add("METADATA_VERSION_FINALIZED cluster");
    }
    return found;
  }

  private static void nodes(ClusterImage before, ClusterImage after, List<String> found) {
    var ids = new TreeSet<NodeId>(before.nodes().keySet());
    ids.addAll(after.nodes().keySet());
    for (var id : ids) {
      var name = " nodes/" + id;
      var now = after.node(id);
      if (now.isEmpty()) {
        found.add("NODE_REMOVED" + name);
      } else {
        node(before.node(id), now.get(), name, found);
        configs(
            "nodes/" + id,
            "CONFIG_CHANGED",
            values(before.configs().of(id)),
            values(after.configs().of(id)),
            found);
      }
    }
  }

  private static void node(
      Optional<NodeImage> old, NodeImage now, String name, List<String> found) {
    boolean isSame = old.filter(was -> was.epoch().equals(now.epoch())).isPresent();
    if (!isSame) {
      found.add("NODE_REGISTERED" + name);
    } else if (old.get().isFenced() != now.isFenced()) {
      found.add((now.isFenced() ? "NODE_FENCED" : "NODE_UNFENCED") + name);
    } else if (old.get().isSuspected() && now.isEligible() && !now.isSuspected()) {
      found.add("NODE_TRUSTED" + name);
    } else if (now.isSuspected() && !old.get().isSuspected()) {
      found.add("ISR_SHRINK_STORM" + name);
    } else if (!now.isFenced() && !now.isEligible() && old.get().isEligible()) {
      found.add("NODE_STOPPING" + name);
    }
    var intent = old.map(NodeImage::intent);
    if (!intent.equals(Optional.of(now.intent())) && !(old.isEmpty() && now.isWanted())) {
      found.add(
          switch (now.intent()) {
                case NONE -> "NODE_UNDRAINED";
                case DRAIN -> "NODE_DRAINING";
                case REMOVE -> "NODE_DECOMMISSIONING";
              }
              + name);
    }
  }

  private static void topics(ClusterImage before, ClusterImage after, List<String> found) {
    for (var topic : after.topics().values()) {
      var name = "topics/" + topic.name();
      var old = before.topic(topic.id());
      if (old.isEmpty()) {
        found.add("TOPIC_CREATED " + name);
      } else {
        configs(name, "TOPIC_ALTERED", old.get().configs(), topic.configs(), found);
        if (old.get().partitions().size() < topic.partitions().size()) {
          found.add("PARTITIONS_ADDED " + name);
        }
        for (int number = 0; number < old.get().partitions().size(); number++) {
          var id = new PartitionId(topic.id(), number);
          partition(
              before.partition(id).orElseThrow(),
              after.partition(id).orElseThrow(),
              " " + name + "/partitions/" + number,
              found);
        }
      }
    }
    before.topics().values().stream()
        .filter(topic -> after.topic(topic.id()).isEmpty())
        .map(TopicImage::name)
        .forEach(name -> found.add("TOPIC_DELETED topics/" + name));
  }

  private static void partition(
      PartitionImage old, PartitionImage now, String name, List<String> found) {
    if (!old.leaderEpoch().equals(now.leaderEpoch())) {
      found.add((now.hasLeader() ? "LEADER_ELECTED" : "LEADER_LOST") + name);
    }
    if (!now.isr().containsAll(old.isr())) {
      found.add("ISR_SHRUNK" + name);
    }
    if (!old.isr().containsAll(now.isr())) {
      found.add("ISR_EXPANDED" + name);
    }
    now.losses().newsSince(old.losses()).forEach(_ -> found.add("DATA_LOSS_DECLARED" + name));
    now.losses()
        .passedOverSince(old.losses())
        .forEach(_ -> found.add("REPLICA_PASSED_OVER" + name));
    now.losses().disprovedSince(old.losses()).forEach(_ -> found.add("DATA_LOSS_DISPROVED" + name));
    boolean isOtherMove =
        !now.move().map(move -> move.operation()).equals(old.move().map(move -> move.operation()));
    boolean isElsewhere = !now.replicaNodes().equals(old.replicaNodes()) && now.move().isEmpty();
    if ((old.move().isPresent() && isOtherMove) || (old.move().isEmpty() && isElsewhere)) {
      found.add("PARTITION_REASSIGNED" + name);
    }
    if (now.move().isPresent() && isOtherMove) {
      found.add("REASSIGNMENT_BEGUN" + name);
    }
    if (now.move().isPresent()
        && !isOtherMove
        && now.move().get().isReverting() != old.move().orElseThrow().isReverting()) {
      found.add("REASSIGNMENT_REVERTED" + name);
    }
  }

  private static void operations(ClusterImage before, ClusterImage after, List<String> found) {
    for (var operation : after.operations().values()) {
      var name = " operations/" + operation.id();
      var old = before.operation(operation.id());
      if (old.isEmpty()) {
        found.add("OPERATION_BEGUN" + name);
      }
      var was = old.map(OperationImage::state).orElse(OperationState.RUNNING);
      if (was != operation.state()) {
        if (operation.isRunning()) {
          found.add("OPERATION_CANCELLING" + name);
        } else {
          found.add("OPERATION_FINISHED" + name);
          if (operation.kind() == OperationKind.DRAIN_NODE
              && operation.state() == OperationState.DONE) {
            found.add("NODE_DRAINED nodes/" + operation.node().orElseThrow());
          }
        }
      }
    }
  }

  private static void configs(
      String name,
      String code,
      Map<String, String> before,
      Map<String, String> after,
      List<String> found) {
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    keys.stream()
        .filter(key ->
            !Optional.ofNullable(before.get(key)).equals(Optional.ofNullable(after.get(key))))
        .forEach(key -> found.add(code + " " + name + " " + key));
  }

  private static Map<String, String> ofCluster(ClusterImage image) {
    return values(image.configs().cluster());
  }

  private static Map<String, String> values(Map<String, ConfigEntry> entries) {
    return entries.keySet().stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                key -> Optional.ofNullable(entries.get(key)).orElseThrow().value(),
                (first, _) -> first,
                TreeMap::new));
  }
}
