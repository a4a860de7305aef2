package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.event.MetadataEvent.ClusterConfigured;
import dev.naru.metadata.event.MetadataEvent.NodeConfigured;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.RecoveryMode;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class ConfigRulesTest {

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void givesTopicsWhatIsSetOfTheCluster() {
    var says = cluster.topicLedBy1(3, Map.of("retention.ms", "2d"));
    var saysNothing = cluster.topicLedBy1(3, Map.of());

    var events = cluster.accept(set("log.retention.ms", "1d")).events();

    assertThat(events).hasSize(1).first().isInstanceOf(ClusterConfigured.class);
    assertThat(settings(says).retentionMillis()).isEqualTo(172_800_000);
    assertThat(settings(saysNothing).retentionMillis()).isEqualTo(86_400_000);
    assertThat(settings(cluster.topicLedBy1(1, Map.of())).retentionMillis()).isEqualTo(86_400_000);
  }

  @Test
  void setsHowManyPartitionsAndCopiesNewTopicsGet() {
    cluster.accept(
        new AlterConfigs(
            Optional.empty(),
            TreePMap.singleton("num.partitions", "4").plus("default.replication.factor", "2"),
            TreePSet.empty(),
            Optional.empty(),
            ""));
    var id = cluster.drawTopicId();

    cluster.accept(
        new CreateTopic(id, "orders", Optional.empty(), Optional.empty(), TreePMap.empty(), 1));

    var topic = cluster.image().topic(id).orElseThrow();
    assertThat(topic.partitions()).hasSize(4);
    assertThat(topic.replicationFactor()).isEqualTo(2);
  }

  @Test
  void goesBackToWhatTheClusterWasInitializedWith() {
    cluster.accept(set("num.partitions", "4"));

    cluster.accept(unset("num.partitions"));

    assertThat(cluster.image().defaults().partitions()).isEqualTo(1);
    assertThat(cluster.image().configs().cluster()).isEmpty();
  }

  @Test
  void knowsWhoSetWhatWhenAndKeepsThatWhileTheValueStays() {
    cluster.accept(by("ann", "log.retention.ms", "1d"));
    var first = new ConfigOrigin(cluster.index(), cluster.index() + 999, "ann");

    cluster.accept(by("bob", "log.segment.bytes", "1MiB"));
    assertThat(cluster.accept(by("bob", "log.retention.ms", "24h")).events()).isEmpty();

    assertThat(cluster.image().configs().cluster())
        .containsEntry("log.retention.ms", new ConfigEntry("86400000", first));
    assertThat(
            cluster
                .image()
                .configs()
                .cluster()
                .getOrDefault("log.segment.bytes", new ConfigEntry("", first))
                .origin()
                .principal())
        .isEqualTo("bob");
  }

  @Test
  void knowsWhoSetWhatOfATopic() {
    var topic = cluster.topicLedBy1(3, Map.of("retention.ms", "2d", "flush", "os")).topic();
    var created = cluster.image().topic(topic).orElseThrow().origins();

    cluster.accept(
        new AlterTopicConfigs(
            topic,
            TreePMap.singleton("retention.ms", "1d"),
            TreePSet.empty(),
            Optional.empty(),
            "ann"));

    var origins = cluster.image().topic(topic).orElseThrow().origins();
    assertThat(created).containsOnlyKeys("retention.ms", "flush");
    assertThat(origins.get("flush")).isEqualTo(created.get("flush"));
    assertThat(origins.get("retention.ms"))
        .isEqualTo(new ConfigOrigin(cluster.index(), cluster.index() + 999, "ann"));
  }

  @Test
  void setsWhatOneNodeDoes() {
    var events = cluster.accept(ofNode(2, "disk.used.ratio.max", "0.80")).events();

    assertThat(events).hasSize(1).first().isInstanceOf(NodeConfigured.class);
    assertThat(cluster.image().configs().of(new NodeId(2)).keySet())
        .containsExactly("disk.used.ratio.max");
    assertThat(cluster.image().configs().of(new NodeId(1))).isEmpty();
    assertThat(cluster.refusal(ofNode(9, "disk.used.ratio.max", "0.8")))
        .isEqualTo(ErrorCode.NODE_NOT_FOUND);
    assertThat(refusalOf(ofNode(2, "num.partitions", "3")))
        .startsWith("INVALID_CONFIG Expected a setting of a node, but num.partitions is");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node.rack|x|Expected a setting that can be changed while nodes run, but was node.rack",
        "retention.ms|1d|but was retention.ms; did you mean log.retention.ms?",
        "log.retension.ms|1d|did you mean log.retention.ms?",
        "disk.used.ratio.max|0|Expected disk.used.ratio.max to be above 0 and at most 1, but was 0",
        "disk.used.ratio.max|1.1|Expected disk.used.ratio.max to be above 0 and at most 1",
        "producer.id.expiration.ms|1m|Expected producer.id.expiration.ms to be 3600000 to",
        "num.partitions|0|Expected num.partitions to be 1 to 10000, but was 0",
        "durability|safe|Expected durability to be strict or balanced or fast, but was safe",
        "min.insync.replicas|4|at most default.replication.factor 3, but was 4",
      })
  void namesWhatIsWrong(String key, String value, String reason) {
    assertThat(refusalOf(set(key, value))).startsWith("INVALID_CONFIG ").contains(reason);
    assertThat(cluster.image().configs().cluster()).isEmpty();
  }

  @Test
  void namesEverythingThatIsWrong() {
    assertThat(
            refusalOf(
                new AlterConfigs(
                    Optional.empty(),
                    TreePMap.singleton("flush", "never").plus("num.partitions", "0"),
                    TreePSet.singleton("flush").plus("what"),
                    Optional.empty(),
                    "")))
        .contains("set or unset, but was both", "but was what", "but was never", "but was 0");
    assertThat(cluster.refusal(many(101))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private static AlterConfigs many(int count) {
    return new AlterConfigs(
        Optional.empty(),
        TreePMap.from(
            IntStream.range(0, count)
                .mapToObj(Integer::toString)
                .collect(Collectors.toMap(Function.identity(), key -> "1"))),
        TreePSet.empty(),
        Optional.empty(),
        "");
  }

  @Test
  void changesOnlyWhatTheCallerHasSeen() {
    var seen = Optional.of(TreePMap.<String, String>empty());

    cluster.accept(
        new AlterConfigs(
            Optional.empty(), TreePMap.singleton("flush", "os"), TreePSet.empty(), seen, ""));

    assertThat(
            cluster.refusal(
                new AlterConfigs(
                    Optional.empty(),
                    TreePMap.singleton("num.partitions", "2"),
                    TreePSet.empty(),
                    seen,
                    "")))
        .isEqualTo(ErrorCode.ETAG_MISMATCH);
  }

  @Test
  void dropsTheElrTogetherWithTheMinimumThatItMadeUpFor() {
    var partition = cluster.topicLedBy1(3, Map.of());
    cluster.fence(3);
    cluster.fence(2);
    PartitionClaims.assertInShort(
        cluster.partition(partition), "leader 1 isr [1] elr {2=unbroken}");

    cluster.accept(set("min.insync.replicas", "1"));

    PartitionClaims.assertInShort(cluster.partition(partition), "leader 1 isr [1] elr {}");
    cluster.fence(1);
    cluster.unfence(2);
    assertThat(cluster.partition(partition).hasLeader()).as("1 may have committed alone").isFalse();
  }

  @Test
  void believesInNoDiskThatNobodyHasWaitedFor() {
    cluster.accept(set("flush", "os"));
    var orders = cluster.topic("orders", 3, Map.of());
    cluster.topic("payments", 3, Map.of("flush", "os"));

    assertThat(refusalOf(set("flush", "quorum")))
        .startsWith(
            "INVALID_CONFIG Expected flush of topics that exist to stay os, but for orders it");
    cluster.accept(topic(orders.topic(), "flush", "os"));
    cluster.accept(set("flush", "quorum"));

    assertThat(settings(orders).flush()).isEqualTo(Flush.OS);
    assertThat(settings(cluster.topicLedBy1(3, Map.of())).flush()).isEqualTo(Flush.QUORUM);
  }

  @Test
  void takesAPresetForWhateverIsSetNowhere() {
    cluster.accept(set("recovery.wait.ms", "1m"));

    cluster.accept(set("durability", "fast"));

    var settings = settings(cluster.topicLedBy1(3, Map.of()));
    assertThat(settings.flush()).isEqualTo(Flush.OS);
    assertThat(settings.minInsync()).isEqualTo(1);
    assertThat(settings.recoveryMode()).isEqualTo(RecoveryMode.BOUNDED);
    assertThat(settings.recoveryWaitMillis()).isEqualTo(60_000);
    var own = settings(cluster.topicLedBy1(3, Map.of("flush", "quorum")));
    assertThat(own.flush()).isEqualTo(Flush.QUORUM);
  }

  /** The two say the same thing, so that the one which is set wins over the preset's other. */
  @Test
  void takesUncleanElectionForTheRecoveryModeThatIsSet() {
    cluster.accept(set("durability", "balanced"));

    cluster.accept(set("unclean.leader.election.enable", "true"));

    assertThat(settings(cluster.topicLedBy1(3, Map.of())).recoveryMode())
        .isEqualTo(RecoveryMode.AVAILABLE);
    assertThat(refusalOf(set("recovery.mode", "strict")))
        .contains("Expected unclean.leader.election.enable=true with recovery.mode=available");
  }

  private TopicSettings settings(PartitionId id) {
    return cluster.image().topic(id.topic()).orElseThrow().settings();
  }

  private static AlterConfigs set(String key, String value) {
    return by("", key, value);
  }

  private static AlterConfigs by(String principal, String key, String value) {
    return new AlterConfigs(
        Optional.empty(),
        TreePMap.singleton(key, value),
        TreePSet.empty(),
        Optional.empty(),
        principal);
  }

  private static AlterConfigs unset(String key) {
    return new AlterConfigs(
        Optional.empty(), TreePMap.empty(), TreePSet.singleton(key), Optional.empty(), "");
  }

  private static AlterConfigs ofNode(int node, String key, String value) {
    return new AlterConfigs(
        Optional.of(new NodeId(node)),
        TreePMap.singleton(key, value),
        TreePSet.empty(),
        Optional.empty(),
        "");
  }

  private static AlterTopicConfigs topic(TopicId id, String key, String value) {
    return new AlterTopicConfigs(
        id, TreePMap.singleton(key, value), TreePSet.empty(), Optional.empty());
  }

  private String refusalOf(MetadataCommand command) {
    return switch (cluster.submit(command).outcome()) {
      case Outcome.Refusal(_, var why) -> why.code() + " " + why.reason();
      case Outcome.Accepted accepted -> throw new AssertionError(accepted);
      case Outcome.NotAppended notAppended -> throw new AssertionError(notAppended);
    };
  }
}
