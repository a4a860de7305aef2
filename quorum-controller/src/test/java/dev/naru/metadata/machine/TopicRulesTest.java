package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePMap;

class TopicRulesTest {

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  @Tag("S15")
  @Tag("S30")
  void createsWithTheDefaultsOfTheCluster() {
    cluster.accept(topic("orders", Optional.empty(), Optional.empty()));

    var topic = cluster.image().topicNamed("orders").orElseThrow();
    assertThat(topic.partitions()).hasSize(1);
    assertThat(topic.replicationFactor()).isEqualTo(3);
    assertThat(topic.settings().minInsync()).isEqualTo(2);
  }

  @Test
  @Tag("S30")
  @Tag("S140")
  void capsTheDefaultReplicationFactorAtTheRegisteredNodes() {
    var small = TestCluster.of(2);

    small.accept(topic("orders", Optional.empty(), Optional.empty()));

    assertThat(small.image().topicNamed("orders").orElseThrow().replicationFactor()).isEqualTo(2);
  }

  @Test
  void startsWithAllReplicasInSyncAndLeaderEpochOne() {
    var id = cluster.topic("orders", 3, Map.of());

    var partition = cluster.partition(id);
    assertThat(partition.isr()).hasSize(3);
    assertThat(partition.leader()).contains(partition.replicaNodes().getFirst());
    assertThat(partition.leaderEpoch().value()).isEqualTo(1);
    assertThat(partition.partitionEpoch().value()).isZero();
  }

  @Test
  void assignsReplicasToAbsentNodesOnlyIfItMustAndNotInSync() {
    cluster.fence(2);

    var two = cluster.topic("two", 2, Map.of());
    var three = cluster.topic("three", 3, Map.of());

    assertThat(cluster.partition(two).replicaNodes()).doesNotContain(new NodeId(2));
    assertThat(cluster.partition(three).replicaNodes()).contains(new NodeId(2));
    assertThat(cluster.partition(three).isr()).containsExactly(new NodeId(1), new NodeId(3));
  }

  @ParameterizedTest
  @CsvSource({"strict, false", "bounded, false", "available, true"})
  @Tag("S139")
  void refusesToBeToldTwoThingsAboutWhatMayBeLost(String mode, boolean isAllowed) {
    var command =
        new CreateTopic(
            cluster.drawTopicId(),
            "orders",
            Optional.of(1),
            Optional.of(3),
            TreePMap.singleton("recovery.mode", mode)
                .plus("unclean.leader.election.enable", "true"),
            0);

    if (isAllowed) {
      cluster.accept(command);
    } else {
      assertThat(cluster.refusal(command)).isEqualTo(ErrorCode.INVALID_CONFIG);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a/b", "a\0b", "a b", "\ud55c\uad6d", "__internal", "a\nb", "a:b"})
  @Tag("S29")
  void refusesNamesThatAreNotAllowed(String name) {
    assertThat(cluster.refusal(named(name))).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
  }

  @Test
  void makesTheTopicThatGroupsAreKeptIn() {
    var command = InternalTopics.consumerOffsets(cluster.drawTopicId(), 50, 3, 1);

    cluster.accept(command);

    var topic = cluster.image().topicNamed(InternalTopics.CONSUMER_OFFSETS).orElseThrow();
    assertThat(topic.partitions()).hasSize(50);
    assertThat(topic.configs()).isEqualTo(InternalTopics.CONSUMER_OFFSETS_CONFIGS);
    assertThat(topic.settings().cleanup().compacts()).isTrue();
    assertThat(topic.settings().cleanup().deletes()).isFalse();
    assertThat(topic.settings().minInsync()).isEqualTo(2);
    assertThat(cluster.refusal(InternalTopics.consumerOffsets(cluster.drawTopicId(), 50, 3, 1)))
        .isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"__consumer_offset", "__", "orders", ""})
  void makesNoInternalTopicThatItHasNoUseFor(String name) {
    var command =
        new CreateTopic(
            cluster.drawTopicId(), name, Optional.of(1), Optional.of(1), TreePMap.empty(), 1, true);

    assertThat(cluster.refusal(command)).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
  }

  /** Not even the name of one that there is. */
  @Test
  void leavesInternalNamesToNodes() {
    assertThat(cluster.refusal(named(InternalTopics.CONSUMER_OFFSETS)))
        .isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 4, 3", "3, 1, 3", "3, 3, 3", "5, 2, 3", "1, 2, 2"})
  void makesAsManyCopiesAsTheClusterWillHaveNodesFor(int voters, int registered, int copies) {
    assertThat(InternalTopics.copies(voters, registered)).isEqualTo(copies);
  }

  @Test
  void waitsForNodesRatherThanToKeepOneCopyForEver() {
    var first = TestCluster.of(1);
    int copies = InternalTopics.copies(3, first.image().nodes().size());

    assertThat(first.refusal(InternalTopics.consumerOffsets(first.drawTopicId(), 50, copies, 1)))
        .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
  }

  @Test
  @Tag("S29")
  void takesNamesUpToTheirLongestLength() {
    cluster.accept(named("a".repeat(249)));
    cluster.accept(named("A-1._z"));

    assertThat(cluster.refusal(named("a".repeat(250)))).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
  }

  @Test
  @Tag("S29")
  void warnsOfNamesThatMetricsCannotTellApart() {
    cluster.accept(named("orders.eu"));

    assertThat(TopicNames.collision(cluster.image(), "orders_eu")).isPresent();
    assertThat(TopicNames.collision(cluster.image(), "a.b_c")).isPresent();
    assertThat(TopicNames.collision(cluster.image(), "orders.eu")).isEmpty();
    assertThat(TopicNames.collision(cluster.image(), "orders-eu")).isEmpty();
  }

  @Test
  void refusesAnExistingName() {
    cluster.accept(named("orders"));

    assertThat(cluster.refusal(named("orders"))).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
  }

  @Test
  void takesTheSameIdAndNameForARetry() {
    var command = named("orders");
    cluster.accept(command);

    assertThat(cluster.accept(command).events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, INVALID_PARTITIONS",
    "-1, 1, INVALID_PARTITIONS",
    "10001, 1, LIMIT_EXCEEDED",
    "1, 0, INVALID_REPLICATION_FACTOR",
    "1, 4, INVALID_REPLICATION_FACTOR",
  })
  @Tag("S15")
  @Tag("S48")
  @Tag("S140")
  void refusesNumbersOutOfBounds(int partitions, int copies, ErrorCode expected) {
    assertThat(cluster.refusal(topic("orders", Optional.of(partitions), Optional.of(copies))))
        .isEqualTo(expected);
  }

  @Test
  @Tag("S140")
  void saysHowManyNodesThereAre() {
    var small = TestCluster.of(2);

    var outcome = small.submit(topic("orders", Optional.of(1), Optional.of(3))).outcome();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal ->
                assertThat(refusal.why().reason())
                    .isEqualTo(
                        "Expected at least 3 registered nodes for that many copies,"
                            + " but 2 are registered"));
  }

  @Test
  void refusesATopicThatNobodyCouldLead() {
    assertThat(TestCluster.empty().refusal(named("orders")))
        .isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    cluster.register(1, LastStop.UNCLEAN);
    cluster.fence(2);
    cluster.beginShutdown(3);
    assertThat(cluster.refusal(named("orders"))).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
  }

  @Test
  void refusesAMinimumThatCannotBeReached() {
    assertThat(cluster.refusal(configured(Map.of("min.insync.replicas", "4"))))
        .isEqualTo(ErrorCode.INVALID_CONFIG);
  }

  @Test
  void namesEveryBadSettingAndWhatMayHaveBeenMeant() {
    var configs = Map.of("retention.mss", "1", "segment.bytes", "1k", "flush", "quorum");

    var outcome = cluster.submit(configured(configs)).outcome();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal -> {
              assertThat(refusal.why().code()).isEqualTo(ErrorCode.INVALID_CONFIG);
              assertThat(refusal.why().reason())
                  .isEqualTo(
                      "Expected a known setting, but was retention.mss; did you mean retention.ms?;"
                          + " Expected segment.bytes to be 16384 to 2147483647, but was 1k");
            });
  }

  @Test
  void refusesMoreSettingsThanThereAre() {
    var configs = new TreeMap<String, String>();
    for (int i = 0; i < 10_000; i++) {
      configs.put("setting." + i, "1");
    }

    assertThat(cluster.refusal(configured(configs))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void neverTakesTheIdOfADeletedTopicAgain() {
    var command = named("orders");
    cluster.accept(command);
    cluster.accept(new DeleteTopic(command.id()));

    assertThat(cluster.image().topicNamed("orders")).isEmpty();
    assertThat(cluster.image().deletedTopics().contains(command.id())).isTrue();
    assertThat(cluster.refusal(command)).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(cluster.refusal(new DeleteTopic(command.id()))).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    cluster.accept(named("orders"));
  }

  @Test
  void refusesToDeleteWhatNeverWas() {
    assertThat(cluster.refusal(new DeleteTopic(cluster.drawTopicId())))
        .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
  }

  @Test
  void escapesWhatItRepeats() {
    var outcome = cluster.submit(named("a\u0007b")).outcome();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal -> assertThat(refusal.why().reason()).endsWith("but was a\\u0007b"));
  }

  @Test
  void createsManyEachForItself() {
    cluster.accept(named("there"));
    var refused = topic("refused", Optional.of(0), Optional.of(1));

    cluster.accept(
        new CreateTopics(
            List.of(named("a"), named("there"), named("b"), refused, named("a"), named("c"))));

    assertThat(cluster.image().topicNames().keySet()).containsExactly("a", "b", "c", "there");
  }

  @Test
  void makesEachOfManyAsIfItCameAlone() {
    var alone = TestCluster.of(3);
    var again = named("a");
    var commands =
        List.of(
            named("a"),
            create("b", Optional.of(2), Optional.of(3), Map.of("retention.ms", "1000")),
            create("c", Optional.of(2), Optional.of(3), Map.of("retention.ms", "1000")),
            create("d", Optional.of(2), Optional.of(1), Map.of("retention.ms", "1000")),
            create("e", Optional.of(1), Optional.of(1), Map.of("retention.ms", "2000")),
            again,
            named("f"));

    cluster.accept(new CreateTopics(commands));

    commands.stream().filter(each -> !each.id().equals(again.id())).forEach(alone::accept);
    assertThat(settings(cluster)).isEqualTo(settings(alone));
    assertThat(replicas(cluster)).isEqualTo(replicas(alone));
  }

  @Test
  void makesOnlyTheFirstOfTwoWithOneId() {
    var first = named("a");
    var second =
        new CreateTopic(first.id(), "b", Optional.of(1), Optional.of(1), TreePMap.empty(), 1);

    cluster.accept(new CreateTopics(List.of(first, second)));

    assertThat(cluster.image().topicNames().keySet()).containsExactly("a");
  }

  private static Map<String, TopicSettings> settings(TestCluster of) {
    var settings = new TreeMap<String, TopicSettings>();
    of.image().topics().values().forEach(topic -> settings.put(topic.name(), topic.settings()));
    return settings;
  }

  private static Map<String, List<PartitionImage>> replicas(TestCluster of) {
    var replicas = new TreeMap<String, List<PartitionImage>>();
    of.image().topics().values().forEach(topic -> replicas.put(topic.name(), topic.partitions()));
    return replicas;
  }

  @Test
  void takesManyAgainForARetry() {
    var command = new CreateTopics(List.of(named("a"), named("b")));
    cluster.accept(command);
    var image = cluster.image();

    cluster.accept(command);

    assertThat(cluster.image().topics()).isEqualTo(image.topics());
  }

  @Test
  void leavesOutWhatOneEntryCannotHold() {
    int most = TopicRules.PARTITIONS_MAX;
    var large = topic("large", Optional.of(most), Optional.of(1));

    cluster.accept(new CreateTopics(List.of(named("a"), large, named("b"))));
    assertThat(cluster.image().topicNames().keySet()).containsExactly("a");

    cluster.accept(new CreateTopics(List.of(large, named("b"))));
    assertThat(cluster.image().topicNames().keySet()).containsExactly("a", "large");
  }

  @Test
  void refusesMoreThanOneEntryCanHold() {
    var topics =
        IntStream.rangeClosed(0, CreateTopics.TOPICS_MAX).mapToObj(i -> named("t-" + i)).toList();

    assertThat(cluster.refusal(new CreateTopics(topics))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    cluster.accept(new CreateTopics(topics.subList(1, topics.size())));
  }

  private CreateTopic named(String name) {
    return topic(name, Optional.of(1), Optional.of(1));
  }

  private CreateTopic topic(String name, Optional<Integer> partitions, Optional<Integer> copies) {
    return create(name, partitions, copies, Map.of());
  }

  private CreateTopic configured(Map<String, String> configs) {
    return create("orders", Optional.of(1), Optional.of(3), configs);
  }

  private CreateTopic create(
      String name,
      Optional<Integer> partitions,
      Optional<Integer> copies,
      Map<String, String> configs) {
    TopicId id = cluster.drawTopicId();
    return new CreateTopic(id, name, partitions, copies, TreePMap.from(configs), 1);
  }
}
