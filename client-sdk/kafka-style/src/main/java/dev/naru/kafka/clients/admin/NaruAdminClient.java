package dev.naru.kafka.clients.admin;

import dev.naru.client.NaruClient;
import dev.naru.client.admin.ClusterDescription;
import dev.naru.client.admin.NodeDescription;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.kafka.clients.Translation;
import dev.naru.kafka.clients.consumer.OffsetAndMetadata;
import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.Node;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.TopicPartitionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The administration of a client of Naru, by Kafka's names. */
final class NaruAdminClient extends AdminClient {

  private static final String INTERNAL_PREFIX = "__";

  private final NaruClient client;
  private final GroupRequests groups;
  private final RecordRequests records;

  NaruAdminClient(NaruClient client) {
    this.client = client;
    this.groups = new GroupRequests(client.admin());
    this.records = new RecordRequests(client.admin());
  }

  @Override
  public CreateTopicsResult createTopics(Collection<NewTopic> topics) {
    var asked = new ArrayList<NewTopic>(topics);
    var answers = client.admin().createTopics(asked.stream().map(NaruAdminClient::naru).toList());
    var futures = new HashMap<String, KafkaFuture<@Nullable Void>>();
    for (int i = 0; i < asked.size(); i++) {
      futures.put(asked.get(i).name(), Answers.done(answers.get(i)));
    }
    return new CreateTopicsResult(futures);
  }

  private static dev.naru.client.admin.NewTopic naru(NewTopic topic) {
    var wanted = dev.naru.client.admin.NewTopic.named(topic.name());
    if (topic.numPartitions() != -1) {
      wanted = wanted.partitions(topic.numPartitions());
    }
    if (topic.replicationFactor() != -1) {
      wanted = wanted.replicationFactor(topic.replicationFactor());
    }
    for (var config : topic.configs().entrySet()) {
      wanted = wanted.config(config.getKey(), config.getValue());
    }
    return wanted;
  }

  @Override
  public DeleteTopicsResult deleteTopics(Collection<String> topics) {
    var futures = new HashMap<String, KafkaFuture<@Nullable Void>>();
    topics.forEach(topic -> futures.put(topic, Answers.done(client.admin().deleteTopic(topic))));
    return new DeleteTopicsResult(futures);
  }

  @Override
  public CreatePartitionsResult createPartitions(Map<String, NewPartitions> partitions) {
    var futures = new HashMap<String, KafkaFuture<@Nullable Void>>();
    partitions.forEach((topic, wanted) ->
        futures.put(topic, Answers.done(client.admin().addPartitions(topic, wanted.totalCount()))));
    return new CreatePartitionsResult(futures);
  }

  @Override
  public ListTopicsResult listTopics() {
    return new ListTopicsResult(
        new KafkaFuture<>(
            Answers.translated(client.admin().listTopics(), NaruAdminClient::listings)));
  }

  private static Map<String, TopicListing> listings(
      List<dev.naru.client.admin.TopicDescription> topics) {
    var all = new TreeMap<String, TopicListing>();
    topics.forEach(
        topic -> all.put(topic.name(), new TopicListing(topic.name(), isInternal(topic.name()))));
    return all;
  }

  private static boolean isInternal(String topic) {
    return topic.startsWith(INTERNAL_PREFIX);
  }

  @Override
  public DescribeTopicsResult describeTopics(Collection<String> topics) {
    var nodes = client.admin().listNodes().thenApply(all -> Translation.byId(all));
    var futures = new HashMap<String, CompletableFuture<TopicDescription>>();
    for (String topic : topics) {
      futures.put(
          topic,
          Answers.translated(
              client.admin().describeTopic(topic).thenCombine(nodes, NaruAdminClient::described),
              Function.identity()));
    }
    return new DescribeTopicsResult(futures);
  }

  private static TopicDescription described(
      dev.naru.client.admin.TopicDescription topic, Map<Integer, Node> nodes) {
    return new TopicDescription(
        topic.name(),
        isInternal(topic.name()),
        topic.partitions().stream().map(each -> described(each, nodes)).toList());
  }

  private static TopicPartitionInfo described(
      PartitionDescription partition, Map<Integer, Node> nodes) {
    var leader = partition.leader();
    return new TopicPartitionInfo(
        partition.partition(),
        leader.isPresent() ? Translation.node(leader.getAsInt(), nodes) : null,
        partition.replicas().stream().map(id -> Translation.node(id, nodes)).toList(),
        partition.isr().stream().map(id -> Translation.node(id, nodes)).toList());
  }

  @Override
  public DeleteRecordsResult deleteRecords(Map<TopicPartition, RecordsToDelete> records) {
    return this.records.delete(records);
  }

  @Override
  public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> wanted) {
    return records.offsets(wanted);
  }

  @Override
  public ListConsumerGroupsResult listConsumerGroups() {
    return groups.list();
  }

  @Override
  public DescribeConsumerGroupsResult describeConsumerGroups(Collection<String> groupIds) {
    return groups.describe(groupIds);
  }

  @Override
  public ListConsumerGroupOffsetsResult listConsumerGroupOffsets(String groupId) {
    return listConsumerGroupOffsets(Map.of(groupId, new ListConsumerGroupOffsetsSpec()));
  }

  @Override
  public ListConsumerGroupOffsetsResult listConsumerGroupOffsets(
      Map<String, ListConsumerGroupOffsetsSpec> wanted) {
    var futures =
        new HashMap<String, CompletableFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>>>();
    wanted.forEach((group, which) -> futures.put(group, groups.offsets(group, which)));
    return new ListConsumerGroupOffsetsResult(futures);
  }

  @Override
  public AlterConsumerGroupOffsetsResult alterConsumerGroupOffsets(
      String groupId, Map<TopicPartition, OffsetAndMetadata> offsets) {
    return groups.alter(groupId, offsets);
  }

  @Override
  public DeleteConsumerGroupOffsetsResult deleteConsumerGroupOffsets(
      String groupId, Set<TopicPartition> partitions) {
    return groups.deleteOffsets(groupId, partitions);
  }

  @Override
  public RemoveMembersFromConsumerGroupResult removeMembersFromConsumerGroup(
      String groupId, RemoveMembersFromConsumerGroupOptions options) {
    return groups.remove(groupId, options);
  }

  @Override
  public DeleteConsumerGroupsResult deleteConsumerGroups(Collection<String> groupIds) {
    return groups.delete(groupIds);
  }

  @Override
  public DescribeClusterResult describeCluster() {
    var nodes =
        Answers.<List<NodeDescription>, Collection<Node>>translated(
            client.admin().listNodes(), all -> List.copyOf(Translation.byId(all).values()));
    var id = Answers.translated(client.admin().describeCluster(), ClusterDescription::clusterId);
    return new DescribeClusterResult(new KafkaFuture<>(nodes), new KafkaFuture<>(id));
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public void close(Duration timeout) {
    client.close();
  }
}
