package dev.naru.metadata.image;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/**
 * All that the cluster has agreed on up to one index of the metadata log. Immutable; a change
 * shares all it does not touch with the image before it.
 *
 * @param metadataVersion which rules are in force; 0 before the cluster is initialized
 * @param defaults derived from {@code configs}
 * @param topicNames derived from {@code topics}
 * @param recentOutcomes by submitting node
 * @param operations those under way, and finished ones that are still remembered
 */
public record ClusterImage(
    String clusterId,
    int metadataVersion,
    ConfigImage configs,
    ClusterDefaults defaults,
    TreePMap<NodeId, NodeImage> nodes,
    TreePMap<TopicId, TopicImage> topics,
    TreePMap<String, TopicId> topicNames,
    DeletedTopics deletedTopics,
    TreePMap<NodeId, RecentOutcomes> recentOutcomes,
    TreePMap<UUID, OperationImage> operations) {

  /**
   * The newest rules that this code has. A node is told at its start which ones its release knows,
   * which are these unless the build says otherwise, and refuses to follow newer ones.
   */
  public static final int METADATA_VERSION_LATEST = 2;

  /** The image before the first command; every node starts from it, so that all agree. */
  public static ClusterImage empty(String clusterId) {
    return new ClusterImage(
        clusterId,
        0,
        ConfigImage.NONE,
        ClusterDefaults.BUILT_IN,
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        DeletedTopics.NONE,
        TreePMap.empty(),
        TreePMap.empty());
  }

  public boolean isInitialized() {
    return metadataVersion > 0;
  }

  public Optional<NodeImage> node(NodeId id) {
    return Optional.ofNullable(nodes.get(id));
  }

  public Optional<OperationImage> operation(UUID id) {
    return Optional.ofNullable(operations.get(id));
  }

  public Optional<TopicImage> topic(TopicId id) {
    return Optional.ofNullable(topics.get(id));
  }

  /** As people write it, {@code orders/3}; of one that is not known the id. */
  public String nameOf(PartitionId partition) {
    return topic(partition.topic())
        .map(topic -> topic.name() + "/" + partition.partition())
        .orElseGet(partition::toString);
  }

  public Optional<TopicImage> topicNamed(String name) {
    return Optional.ofNullable(topicNames.get(name)).flatMap(this::topic);
  }

  public Optional<PartitionImage> partition(PartitionId id) {
    return topic(id.topic()).flatMap(topic -> topic.partition(id.partition()));
  }

  /** Every partition's id, in order. */
  public Stream<PartitionId> partitionIds() {
    return topics.values().stream()
        .flatMap(topic ->
            IntStream.range(0, topic.partitions().size())
                .mapToObj(number -> new PartitionId(topic.id(), number)));
  }

  /** The partitions of which this node holds a replica, in order. */
  public Stream<PartitionId> partitionsOn(NodeId node) {
    return partitionIds()
        .filter(id -> partition(id).flatMap(entry -> entry.replicaOn(node)).isPresent());
  }

  /** Whether the node is registered and may be elected or join an ISR. */
  public boolean isEligible(NodeId node) {
    return node(node).map(NodeImage::isEligible).orElse(false);
  }

  /** Whether an operator wants the node to lead and hold as much as others. */
  public boolean isWanted(NodeId node) {
    return node(node).map(NodeImage::isWanted).orElse(false);
  }

  /** Whether the node is to lead only what no better one could: it is suspected, or not wanted. */
  public boolean isSecondChoice(NodeId node) {
    return node(node).filter(each -> each.isWanted() && !each.isSuspected()).isEmpty();
  }

  /** Whether the node leads a partition that another member of its ISR could lead. */
  public boolean leadsWhatAnotherCould(NodeId node) {
    return topics.values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .anyMatch(partition ->
            partition.isLedBy(node)
                && partition.isr().stream()
                    .anyMatch(member -> !member.equals(node) && isEligible(member)));
  }

  /** The same cluster under these rules and defaults; before there is a topic. */
  public ClusterImage initialized(int version, ClusterDefaults given) {
    return withMetadataVersion(version).withConfigs(configs.initialized(given));
  }

  /** The same cluster under these rules. */
  public ClusterImage withMetadataVersion(int version) {
    return new ClusterImage(
        clusterId,
        version,
        configs,
        defaults,
        nodes,
        topics,
        topicNames,
        deletedTopics,
        recentOutcomes,
        operations);
  }

  /** The same cluster under these rules, which somebody has put into force. */
  public ClusterImage finalized(int version, ConfigOrigin by) {
    return withMetadataVersion(version).withConfigs(configs.finalized(by));
  }

  /** The same cluster where these are set of one node. */
  public ClusterImage withNodeConfigs(NodeId node, TreePMap<String, ConfigEntry> entries) {
    return withConfigs(configs.withNode(node, entries));
  }

  /** The same cluster where these are set of all: topics get what follows from it at once. */
  public ClusterImage withClusterConfigs(TreePMap<String, ConfigEntry> entries) {
    return withConfigs(configs.withCluster(entries));
  }

  private ClusterImage withConfigs(ConfigImage changed) {
    var after = changed.defaults();
    var under = topics;
    if (!after.equals(defaults)) {
      for (var topic : topics.values()) {
        under = under.plus(topic.id(), topic.under(after));
      }
    }
    return new ClusterImage(
        clusterId,
        metadataVersion,
        changed,
        after,
        nodes,
        under,
        topicNames,
        deletedTopics,
        recentOutcomes,
        operations);
  }

  /** The same cluster with this node added or changed. */
  public ClusterImage withNode(NodeImage node) {
    return new ClusterImage(
        clusterId,
        metadataVersion,
        configs,
        defaults,
        nodes.plus(node.id(), node),
        topics,
        topicNames,
        deletedTopics,
        recentOutcomes,
        operations);
  }

  /** The same cluster with this topic added or changed. */
  public ClusterImage withTopic(TopicImage topic) {
    return new ClusterImage(
        clusterId,
        metadataVersion,
        configs,
        defaults,
        nodes,
        topics.plus(topic.id(), topic),
        topicNames.plus(topic.name(), topic.id()),
        deletedTopics,
        recentOutcomes,
        operations);
  }

  /** The same cluster without this topic, whose id is dead from now on. */
  public ClusterImage withoutTopic(TopicImage topic, long index) {
    return new ClusterImage(
        clusterId,
        metadataVersion,
        configs,
        defaults,
        nodes,
        topics.minus(topic.id()),
        topicNames.minus(topic.name()),
        deletedTopics.with(topic.id(), index),
        recentOutcomes,
        operations);
  }

  /**
   * The same cluster with one partition changed; without effect when there is no such partition.
   */
  public ClusterImage withPartition(PartitionId id, PartitionImage changed) {
    return topic(id.topic())
        .filter(topic -> topic.partition(id.partition()).isPresent())
        .map(topic -> withTopic(topic.withPartition(id.partition(), changed)))
        .orElse(this);
  }

  /** The same cluster, with these ids known to be dead. */
  public ClusterImage withDeletedTopics(DeletedTopics deleted) {
    return new ClusterImage(
        clusterId,
        metadataVersion,
        configs,
        defaults,
        nodes,
        topics,
        topicNames,
        deleted,
        recentOutcomes,
        operations);
  }

  /** The same cluster, remembering these outcomes of one submitter. */
  public ClusterImage withRecentOutcomes(NodeId submitter, RecentOutcomes outcomes) {
    return new ClusterImage(
        clusterId,
        metadataVersion,
        configs,
        defaults,
        nodes,
        topics,
        topicNames,
        deletedTopics,
        recentOutcomes.plus(submitter, outcomes),
        operations);
  }

  /** The same cluster without this node, what was set of it, and what it submitted. */
  public ClusterImage withoutNode(NodeId node) {
    return new ClusterImage(
        clusterId,
        metadataVersion,
        configs.withNode(node, TreePMap.empty()),
        defaults,
        nodes.minus(node),
        topics,
        topicNames,
        deletedTopics,
        recentOutcomes.minus(node),
        operations);
  }

  /** The same cluster with this operation added or changed. */
  public ClusterImage withOperation(OperationImage operation) {
    return withOperations(operations.plus(operation.id(), operation));
  }

  /** The same cluster with these operations, and no others. */
  public ClusterImage withOperations(TreePMap<UUID, OperationImage> changed) {
    return new ClusterImage(
        clusterId,
        metadataVersion,
        configs,
        defaults,
        nodes,
        topics,
        topicNames,
        deletedTopics,
        recentOutcomes,
        changed);
  }
}
