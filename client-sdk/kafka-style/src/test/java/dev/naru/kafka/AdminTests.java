package dev.naru.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.kafka.clients.admin.Admin;
import dev.naru.kafka.clients.admin.ConsumerGroupDescription;
import dev.naru.kafka.clients.admin.ConsumerGroupListing;
import dev.naru.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import dev.naru.kafka.clients.admin.MemberToRemove;
import dev.naru.kafka.clients.admin.NewPartitions;
import dev.naru.kafka.clients.admin.NewTopic;
import dev.naru.kafka.clients.admin.OffsetSpec;
import dev.naru.kafka.clients.admin.RecordsToDelete;
import dev.naru.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import dev.naru.kafka.clients.consumer.KafkaConsumer;
import dev.naru.kafka.clients.consumer.OffsetAndMetadata;
import dev.naru.kafka.clients.producer.KafkaProducer;
import dev.naru.kafka.clients.producer.ProducerRecord;
import dev.naru.kafka.common.GroupState;
import dev.naru.kafka.common.GroupType;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.errors.GroupIdNotFoundException;
import dev.naru.kafka.common.errors.GroupNotEmptyException;
import dev.naru.kafka.common.errors.GroupSubscribedToTopicException;
import dev.naru.kafka.common.errors.InvalidRequestException;
import dev.naru.kafka.common.errors.UnknownMemberIdException;
import dev.naru.kafka.common.errors.UnknownTopicOrPartitionException;
import dev.naru.kafka.common.serialization.StringDeserializer;
import dev.naru.kafka.common.serialization.StringSerializer;
import dev.naru.testing.Eventually;
import dev.naru.testing.cluster.NaruCluster;
import dev.naru.testing.cluster.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Administration by Kafka's names; {@link KafkaStyleTest} has the node. */
abstract class AdminTests {

  private static final int POLLS_MAX = 300;

  private final Properties settings = new Properties();
  private Admin admin;

  @BeforeEach
  void connect(NaruCluster cluster) {
    settings.setProperty("bootstrap.servers", cluster.bootstrapServers());
    admin = Admin.create(settings);
  }

  @AfterEach
  void disconnect() {
    admin.close();
  }

  private void send(TopicPartition partition, long... timestamps) throws Exception {
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (long timestamp : timestamps) {
        producer
            .send(
                new ProducerRecord<>(
                    partition.topic(), partition.partition(), timestamp, "k", "at " + timestamp))
            .get();
      }
    }
  }

  /** A member that holds the one partition of this topic. */
  private KafkaConsumer<String, String> member(String group, String topic) {
    var own = new Properties();
    own.putAll(settings);
    own.setProperty("group.id", group);
    own.setProperty("client.id", "reader");
    own.setProperty("auto.offset.reset", "earliest");
    own.setProperty("enable.auto.commit", "false");
    var consumer = new KafkaConsumer<>(own, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topic));
    for (int i = 0; i < POLLS_MAX && consumer.assignment().isEmpty(); i++) {
      consumer.poll(Duration.ofMillis(100));
    }
    return consumer;
  }

  @Test
  void makesDescribesAndGrowsTopics() throws Exception {
    admin.createTopics(List.of(new NewTopic("made", 2, (short) 1))).all().get();
    assertThat(admin.listTopics().names().get()).contains("made");
    admin.createPartitions(Map.of("made", NewPartitions.increaseTo(4))).all().get();
    var described = admin.describeTopics(List.of("made")).allTopicNames().get();
    assertThat(described).containsOnlyKeys("made");
    described.values().forEach(topic -> assertThat(topic.partitions()).hasSize(4));
    admin.deleteTopics(List.of("made")).all().get();
    assertThatThrownBy(() -> admin.deleteTopics(List.of("made")).all().get())
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  private ConsumerGroupDescription describe(String group) throws Exception {
    return requireNonNull(admin.describeConsumerGroups(List.of(group)).all().get().get(group));
  }

  private void await(String group, GroupState state) {
    Eventually.allowing("a message to the coordinator", Duration.ofSeconds(1))
        .until(group + " is " + state, () -> describe(group).groupState() == state);
  }

  @Test
  void describesAGroupWithItsMembersAndItsState(@Topic String topic) throws Exception {
    var partition = new TopicPartition(topic, 0);
    var group = "g-" + topic;

    try (var member = member(group, topic)) {
      await(group, GroupState.STABLE);
      var described = describe(group);
      assertThat(described.type()).isEqualTo(GroupType.CONSUMER);
      assertThat(described.coordinator().port()).isPositive();
      assertThat(described.members()).hasSize(1);
      var only = described.members().iterator().next();
      assertThat(only.clientId()).isEqualTo("reader");
      assertThat(only.assignment().topicPartitions()).containsExactly(partition);
      assertThat(member.groupMetadata().memberId()).isEqualTo(only.consumerId());
    }
    await(group, GroupState.EMPTY);
    assertThat(admin.listConsumerGroups().all().get())
        .filteredOn(each -> each.groupId().equals(group))
        .extracting(ConsumerGroupListing::groupState)
        .containsExactly(Optional.of(GroupState.EMPTY));
    assertThatThrownBy(() -> admin.describeConsumerGroups(List.of("nobody")).all().get())
        .hasCauseInstanceOf(GroupIdNotFoundException.class);
  }

  @Test
  void movesAGroupOnlyWhileItHasNoMembers(@Topic String topic) throws Exception {
    var partition = new TopicPartition(topic, 0);
    var other = new TopicPartition(topic, 7);
    var group = "g-" + topic;
    var two = Map.of(partition, new OffsetAndMetadata(2));
    send(partition, 1, 2, 3);

    try (var member = member(group, topic)) {
      member.commitSync(Map.of(partition, new OffsetAndMetadata(3, "three")));
      assertThat(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get())
          .containsOnlyKeys(partition)
          .hasEntrySatisfying(partition, place -> assertThat(place.metadata()).isEqualTo("three"));
      assertThatThrownBy(() -> admin.alterConsumerGroupOffsets(group, two).all().get())
          .hasCauseInstanceOf(GroupNotEmptyException.class);
      assertThatThrownBy(() -> admin.deleteConsumerGroups(List.of(group)).all().get())
          .hasCauseInstanceOf(GroupNotEmptyException.class);
    }
    await(group, GroupState.EMPTY);
    admin.alterConsumerGroupOffsets(group, two).partitionResult(partition).get();
    var both = new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition, other));
    var places =
        requireNonNull(admin.listConsumerGroupOffsets(Map.of(group, both)).all().get().get(group));
    assertThat(places).containsOnlyKeys(partition, other).containsEntry(other, null);
    assertThat(requireNonNull(places.get(partition)).offset()).isEqualTo(2);
    admin.deleteConsumerGroups(List.of(group)).all().get();
    assertThat(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get())
        .isEmpty();
  }

  @Test
  void forgetsPositionsOfTopicsThatNobodySubscribesTo(
      @Topic(partitions = 2) String topic, @Topic String left) throws Exception {
    var partition = new TopicPartition(topic, 0);
    var old = new TopicPartition(left, 0);
    var group = "g-" + topic;
    send(partition, 1);
    send(old, 1);
    admin
        .alterConsumerGroupOffsets(
            group, Map.of(partition, new OffsetAndMetadata(1), old, new OffsetAndMetadata(1)))
        .all()
        .get();

    try (var member = member(group, topic)) {
      assertThat(member.assignment()).contains(partition);
      assertThatThrownBy(
              () -> admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get())
          .hasCauseInstanceOf(GroupSubscribedToTopicException.class);
      var forgotten = admin.deleteConsumerGroupOffsets(group, Set.of(old));
      forgotten.partitionResult(old).get();
      assertThatThrownBy(() -> forgotten.partitionResult(partition))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get())
          .containsKey(partition)
          .doesNotContainKey(old);
    }
  }

  @Test
  void takesMembersOutOfTheirGroup(@Topic String topic) throws Exception {
    var group = "g-" + topic;
    var seven = new MemberToRemove("seven");
    settings.setProperty("group.instance.id", "seven");
    member(group, topic).close(); // its place is kept
    assertThat(describe(group).members()).hasSize(1);

    var removed =
        admin.removeMembersFromConsumerGroup(
            group,
            new RemoveMembersFromConsumerGroupOptions(List.of(seven, new MemberToRemove("eight"))));

    removed.memberResult(seven).get();
    assertThatThrownBy(() -> removed.all().get())
        .hasCauseInstanceOf(UnknownMemberIdException.class);
    assertThat(describe(group).members()).isEmpty();
    member(group, topic).close();
    assertThat(describe(group).members()).hasSize(1);
    admin
        .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
        .all()
        .get();
    assertThat(describe(group).members()).isEmpty();
  }

  @Test
  void changesNoPositionWhoseMetadataWouldBeLost(@Topic String topic) throws Exception {
    var partition = new TopicPartition(topic, 0);
    var noted = Map.of(partition, new OffsetAndMetadata(0, "noted"));

    assertThatThrownBy(() -> admin.alterConsumerGroupOffsets("g-" + topic, noted).all().get())
        .hasCauseInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("noted");
    assertThat(admin.listConsumerGroupOffsets("g-" + topic).all().get().get("g-" + topic))
        .isEmpty();
  }

  @Test
  void findsOffsetsAndDeletesRecordsBeforeThem(@Topic String topic) throws Exception {
    var partition = new TopicPartition(topic, 0);
    send(partition, 100, 200, 300);

    assertThat(offsetOf(partition, OffsetSpec.earliest())).isZero();
    assertThat(offsetOf(partition, OffsetSpec.latest())).isEqualTo(3);
    assertThat(offsetOf(partition, OffsetSpec.forTimestamp(150))).isEqualTo(1);
    assertThat(offsetOf(partition, OffsetSpec.forTimestamp(301))).isEqualTo(-1);
    var deleted =
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).lowWatermarks();
    assertThat(requireNonNull(deleted.get(partition)).get().lowWatermark()).isEqualTo(2);
    assertThat(offsetOf(partition, OffsetSpec.earliest())).isEqualTo(2);
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1))).all().get();
    assertThat(offsetOf(partition, OffsetSpec.earliest())).isEqualTo(3);
    assertThatThrownBy(() -> offsetOf(new TopicPartition("none", 0), OffsetSpec.latest()))
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  private long offsetOf(TopicPartition partition, OffsetSpec which) throws Exception {
    return admin.listOffsets(Map.of(partition, which)).partitionResult(partition).get().offset();
  }

  @Test
  void knowsTheNodes() throws Exception {
    var cluster = admin.describeCluster();

    assertThat(cluster.nodes().get()).hasSize(1);
    assertThat(cluster.clusterId().get()).isNotEmpty();
  }
}
