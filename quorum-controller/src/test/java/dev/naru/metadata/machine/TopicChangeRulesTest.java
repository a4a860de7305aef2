package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.event.MetadataEvent.TopicConfigured;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class TopicChangeRulesTest {

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void addsPartitionsBehindThoseThatThereAre() {
    var id = orders(2, Map.of());
    var before = cluster.image();

    cluster.accept(new AddPartitions(id, 5, 1));

    var topic = topic(id);
    assertThat(topic.partitions()).hasSize(5);
    assertThat(topic.partitions().subList(0, 2)).isEqualTo(old(before.topic(id)).partitions());
    assertThat(topic.partitions().subList(2, 5))
        .allSatisfy(partition -> {
          assertThat(partition.isr()).hasSize(3);
          assertThat(partition.leader()).contains(partition.replicaNodes().getFirst());
          assertThat(partition.leaderEpoch().value()).isEqualTo(1);
        });
    assertThat(ImageDelta.between(before, cluster.image()).partitions())
        .containsExactly(new PartitionId(id, 2), new PartitionId(id, 3), new PartitionId(id, 4));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void spreadsThemAsIfAllHadBeenMadeTogether(int atOnce) {
    var id = orders(2, Map.of());

    for (int total = 2 + atOnce; total <= 12; total += atOnce) {
      cluster.accept(new AddPartitions(id, total, total));
    }
    cluster.accept(new AddPartitions(id, 12, 99));

    assertThat(leaders(topic(id)).values()).containsExactly(4L, 4L, 4L);
  }

  @Test
  void givesMostToNodesThatCameLater() {
    var id = create("orders", 6, 1, Map.of());
    cluster.start(4);
    cluster.start(5);
    cluster.start(6);

    cluster.accept(new AddPartitions(id, 12, 1));

    assertThat(leaders(topic(id)).values()).containsExactly(2L, 2L, 2L, 2L, 2L, 2L);
  }

  @Test
  void assignsAbsentNodesButNotInSync() {
    var id = orders(1, Map.of());
    cluster.fence(2);

    cluster.accept(new AddPartitions(id, 2, 1));

    var added = cluster.partition(new PartitionId(id, 1));
    assertThat(added.replicaNodes()).hasSize(3);
    assertThat(added.isr()).containsExactly(new NodeId(1), new NodeId(3));
    assertThat(added.leader()).isNotEqualTo(Optional.of(new NodeId(2)));
  }

  @Test
  @Tag("S21")
  void refusesToHaveFewerAndSaysWhatToDoInstead() {
    var id = orders(12, Map.of());

    assertThat(refusalOf(new AddPartitions(id, 6, 1)))
        .isEqualTo(
            "PARTITIONS_CANNOT_SHRINK Expected at least the 12 partitions that orders has, but was"
                + " 6, and their records would be lost; to have fewer: create a topic with 6"
                + " partitions, copy with naru consume | naru produce, switch producers, then"
                + " consumers, delete orders");
  }

  @Test
  void changesNothingWhenThereAreAsMany() {
    var id = orders(3, Map.of());

    assertThat(cluster.accept(new AddPartitions(id, 3, 1)).events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, INVALID_PARTITIONS", "-1, INVALID_PARTITIONS", "10001, LIMIT_EXCEEDED"})
  void refusesNumbersOutOfBounds(int total, ErrorCode expected) {
    var id = orders(1, Map.of());

    assertThat(cluster.refusal(new AddPartitions(id, total, 1))).isEqualTo(expected);
  }

  @Test
  void refusesPartitionsThatNobodyCouldLead() {
    var id = orders(1, Map.of());
    List.of(1, 2, 3).forEach(cluster::fence);

    assertThat(cluster.refusal(new AddPartitions(id, 2, 1)))
        .isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
  }

  @Test
  void changesNoTopicThatIsNotThereOrIsOfNarusOwn() {
    var deleted = orders(1, Map.of());
    cluster.accept(new DeleteTopic(deleted));
    var own = InternalTopics.consumerOffsets(cluster.drawTopicId(), 50, 3, 1);
    cluster.accept(own);

    for (var id : List.of(deleted, cluster.drawTopicId())) {
      assertThat(cluster.refusal(new AddPartitions(id, 2, 1))).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
      assertThat(cluster.refusal(set(id, "retention.ms", "1d")))
          .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }
    assertThat(cluster.refusal(new AddPartitions(own.id(), 51, 1)))
        .isEqualTo(ErrorCode.NOT_AUTHORIZED);
    assertThat(cluster.refusal(set(own.id(), "retention.ms", "1d")))
        .isEqualTo(ErrorCode.NOT_AUTHORIZED);
  }

  @Test
  void setsSomeSettingsAndLeavesTheOthers() {
    var id = orders(2, Map.of("retention.ms", "7d", "segment.bytes", "1MiB"));
    var before = cluster.image();

    cluster.accept(
        new AlterTopicConfigs(
            id,
            TreePMap.singleton("retention.ms", "1d").plus("max.message.bytes", "64KiB"),
            TreePSet.singleton("segment.bytes"),
            Optional.empty()));

    assertThat(topic(id).configs())
        .isEqualTo(Map.of("retention.ms", "86400000", "max.message.bytes", "65536"));
    assertThat(topic(id).settings().retentionMillis()).isEqualTo(86_400_000);
    assertThat(topic(id).settings().segmentBytes()).isEqualTo(1 << 30);
    assertThat(topic(id).partitions()).isEqualTo(old(before.topic(id)).partitions());
    assertThat(ImageDelta.between(before, cluster.image()).partitions()).hasSize(2);
  }

  @Test
  void changesNothingWhenAllIsSoAlready() {
    var id = orders(1, Map.of("retention.ms", "1d"));

    assertThat(cluster.accept(set(id, "retention.ms", "24h")).events()).isEmpty();
    assertThat(cluster.accept(unset(id, "segment.bytes")).events()).isEmpty();
  }

  @Test
  void namesEverythingThatIsWrong() {
    var id = orders(1, Map.of("recovery.mode", "strict"));

    assertThat(
            refusalOf(
                new AlterTopicConfigs(
                    id,
                    TreePMap.singleton("flush", "os"),
                    TreePSet.singleton("flush").plus("retention.mss"),
                    Optional.empty())))
        .isEqualTo(
            "INVALID_CONFIG Expected flush to be set or unset, but was both; Expected a known"
                + " setting, but was retention.mss; did you mean retention.ms?");
    assertThat(refusalOf(set(id, "segment.bytes", "1k")))
        .isEqualTo("INVALID_CONFIG Expected segment.bytes to be 16384 to 2147483647, but was 1k");
    assertThat(refusalOf(set(id, "min.insync.replicas", "4")))
        .isEqualTo(
            "INVALID_CONFIG Expected min.insync.replicas to be at most the replication factor 3,"
                + " but was 4");
    assertThat(refusalOf(set(id, "unclean.leader.election.enable", "true")))
        .as("together with what it has")
        .startsWith("INVALID_CONFIG Expected unclean.leader.election.enable=true with");
    assertThat(topic(id).configs()).isEqualTo(Map.of("recovery.mode", "strict"));
  }

  @Test
  void refusesMoreSettingsThanThereAre() {
    var id = orders(1, Map.of());
    var many = Stream.iterate(0, i -> i + 1).limit(101).map(i -> "setting." + i).toList();

    assertThat(
            cluster.refusal(
                new AlterTopicConfigs(id, TreePMap.empty(), TreePSet.from(many), Optional.empty())))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(
            cluster.refusal(
                new AlterTopicConfigs(
                    id,
                    TreePMap.from(
                        many.stream().collect(Collectors.toMap(Function.identity(), key -> "1"))),
                    TreePSet.empty(),
                    Optional.empty())))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void changesOnlyWhatTheCallerHasSeen() {
    var id = orders(1, Map.of("retention.ms", "1d"));
    var seen = Optional.of(topic(id).configs());

    cluster.accept(
        new AlterTopicConfigs(
            id, TreePMap.singleton("retention.ms", "2d"), TreePSet.empty(), seen));

    assertThat(
            cluster.refusal(
                new AlterTopicConfigs(
                    id, TreePMap.singleton("retention.ms", "3d"), TreePSet.empty(), seen)))
        .isEqualTo(ErrorCode.ETAG_MISMATCH);
    assertThat(topic(id).configs()).isEqualTo(Map.of("retention.ms", "172800000"));
  }

  /** A change of an ISR is none of the settings, and does not make the caller look again. */
  @Test
  void doesNotMindThatAnIsrHasChanged() {
    var id = cluster.topicLedBy1(3, Map.of()).topic();
    var seen = Optional.of(topic(id).configs());
    cluster.fence(3);

    cluster.accept(
        new AlterTopicConfigs(
            id, TreePMap.singleton("retention.ms", "3d"), TreePSet.empty(), seen));
  }

  @Test
  void dropsTheElrTogetherWithTheMinimumThatItMadeUpFor() {
    var partition = cluster.topicLedBy1(3, Map.of());
    cluster.fence(3);
    cluster.fence(2);
    PartitionClaims.assertInShort(
        cluster.partition(partition), "leader 1 isr [1] elr {2=unbroken}");

    var events = cluster.accept(set(partition.topic(), "min.insync.replicas", "1")).events();

    assertThat(events).hasSize(1).first().isInstanceOf(TopicConfigured.class);
    PartitionClaims.assertInShort(cluster.partition(partition), "leader 1 isr [1] elr {}");
    assertThat(cluster.partition(partition).partitionEpoch().value()).isEqualTo(3);
    cluster.fence(1);
    cluster.unfence(2);
    assertThat(cluster.partition(partition).hasLeader()).as("1 may have committed alone").isFalse();
  }

  @Test
  void keepsTheElrWhileTheIsrIsTooSmallStill() {
    var partition = cluster.topicLedBy1(3, Map.of("min.insync.replicas", "3"));
    cluster.fence(3);
    cluster.fence(2);

    cluster.accept(set(partition.topic(), "min.insync.replicas", "2"));

    PartitionClaims.assertInShort(
        cluster.partition(partition), "leader 1 isr [1] elr {2=unbroken, 3=unbroken}");
  }

  @Test
  void takesALargerMinimumFromNowOn() {
    var partition = cluster.topicLedBy1(3, Map.of("min.insync.replicas", "1"));
    cluster.fence(3);
    var before = cluster.partition(partition);

    cluster.accept(unset(partition.topic(), "min.insync.replicas"));
    assertThat(cluster.partition(partition)).isEqualTo(before);
    cluster.fence(2);

    PartitionClaims.assertInShort(
        cluster.partition(partition), "leader 1 isr [1] elr {2=unbroken}");
  }

  @Test
  void believesInNoDiskThatNobodyHasWaitedFor() {
    var id = orders(1, Map.of("flush", "os"));

    var reason = refusalOf(set(id, "flush", "quorum"));

    assertThat(reason).startsWith("INVALID_CONFIG Expected flush of orders to stay os, but was");
    assertThat(cluster.refusal(unset(id, "flush"))).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(topic(id).settings().flush()).isEqualTo(Flush.OS);
  }

  @Test
  void letsRecordsBeKeptInMemoryFromNowOn() {
    var id = orders(1, Map.of());

    cluster.accept(set(id, "flush", "os"));

    assertThat(topic(id).settings().flush()).isEqualTo(Flush.OS);
  }

  private TopicId orders(int partitions, Map<String, String> configs) {
    return create("orders", partitions, 3, configs);
  }

  private TopicId create(String name, int partitions, int copies, Map<String, String> configs) {
    var id = cluster.drawTopicId();
    cluster.accept(
        new CreateTopic(
            id, name, Optional.of(partitions), Optional.of(copies), TreePMap.from(configs), 1));
    return id;
  }

  private static AlterTopicConfigs set(TopicId id, String key, String value) {
    return new AlterTopicConfigs(
        id, TreePMap.singleton(key, value), TreePSet.empty(), Optional.empty());
  }

  private static AlterTopicConfigs unset(TopicId id, String key) {
    return new AlterTopicConfigs(id, TreePMap.empty(), TreePSet.singleton(key), Optional.empty());
  }

  private String refusalOf(MetadataCommand command) {
    return switch (cluster.submit(command).outcome()) {
      case Outcome.Refusal(_, var why) -> why.code() + " " + why.reason();
      case Outcome.Accepted accepted -> throw new AssertionError(accepted);
      case Outcome.NotAppended notAppended -> throw new AssertionError(notAppended);
    };
  }

  private TopicImage topic(TopicId id) {
    return cluster.image().topic(id).orElseThrow();
  }

  private static TopicImage old(Optional<TopicImage> topic) {
    return topic.orElseThrow();
  }

  private static TreePMap<NodeId, Long> leaders(TopicImage topic) {
    return TreePMap.from(
        topic.partitions().stream()
            .map(PartitionImage::leader)
            .map(Optional::orElseThrow)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
  }
}
