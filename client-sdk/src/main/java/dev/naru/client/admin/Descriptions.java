package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import dev.naru.client.transport.AdminCalls;
import dev.naru.proto.admin.v1.Cluster;
import dev.naru.proto.admin.v1.ElectedLeader;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.Partition;
import dev.naru.proto.admin.v1.RecoverPartitionResponse;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;

/** From the messages of the admin API to the records that applications see. */
final class Descriptions {

  private static final String TOPICS = "topics/";

  private Descriptions() {}

  static String topicResource(String topic) {
    return TOPICS + topic;
  }

  /** The name of the topic that this resource name names. */
  static String topicOf(String resourceName) {
    return resourceName.startsWith(TOPICS) ? resourceName.substring(TOPICS.length()) : resourceName;
  }

  static TopicDescription topic(Topic topic) {
    var configs = new TreeMap<String, String>();
    topic.getConfigsList().forEach(entry -> configs.put(entry.getKey(), entry.getValue()));
    return new TopicDescription(
        topicOf(topic.getName()),
        topic.getUid().isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(topic.getUid())),
        topic.getEtag(),
        Instant.ofEpochSecond(topic.getCreateTime().getSeconds(), topic.getCreateTime().getNanos()),
        topic.getPartitionCount(),
        topic.getReplicationFactor(),
        configs,
        topic.getPartitionsList().stream().map(Descriptions::partition).toList(),
        topic.getWarningsList().stream()
            .map(warning -> new TopicWarning(warning.getCode(), warning.getMessage()))
            .toList());
  }

  private static PartitionDescription partition(Partition partition) {
    return new PartitionDescription(
        partition.getPartition(),
        partition.hasLeader() ? OptionalInt.of(partition.getLeader()) : OptionalInt.empty(),
        partition.getLeaderEpoch(),
        partition.getPartitionEpoch(),
        partition.getReplicasList(),
        partition.getIsrList(),
        partition.getElrList(),
        partition.getCopies());
  }

  static LeaderElection election(TopicPartition partition, ElectedLeader elected) {
    return new LeaderElection(
        partition,
        elected.hasOldLeader() ? OptionalInt.of(elected.getOldLeader()) : OptionalInt.empty(),
        elected.hasLeader() ? OptionalInt.of(elected.getLeader()) : OptionalInt.empty(),
        elected.hasError()
            ? Optional.of(AdminCalls.failure(elected.getError()))
            : Optional.empty());
  }

  static RecoveryPlan plan(TopicPartition partition, RecoverPartitionResponse planned) {
    return new RecoveryPlan(
        partition,
        planned.hasLeader() ? OptionalInt.of(planned.getLeader()) : OptionalInt.empty(),
        planned.getCandidatesList().stream().map(Descriptions::candidate).toList());
  }

  private static RecoveryCandidate candidate(dev.naru.proto.admin.v1.RecoveryCandidate candidate) {
    return new RecoveryCandidate(
        candidate.getNode(),
        candidate.getSafe(),
        candidate.getWhyNot().isEmpty() ? Optional.empty() : Optional.of(candidate.getWhyNot()),
        candidate.hasLastEpoch() ? OptionalInt.of(candidate.getLastEpoch()) : OptionalInt.empty(),
        candidate.getEnd(),
        candidate.getDurableEnd(),
        candidate.getLogStart(),
        candidate.getHighWatermark(),
        candidate.hasLoss() ? Optional.of(range(candidate.getLoss())) : Optional.empty());
  }

  static RecoveredPartition recovered(TopicPartition partition, RecoverPartitionResponse done) {
    return new RecoveredPartition(
        partition,
        done.getLeader(),
        done.hasLoss() ? Optional.of(range(done.getLoss())) : Optional.empty());
  }

  private static LossRange range(dev.naru.proto.admin.v1.LossRange range) {
    return new LossRange(range.getFrom(), range.getTo(), range.getExact());
  }

  static dev.naru.proto.admin.v1.LossRange range(LossRange range) {
    return dev.naru.proto.admin.v1.LossRange.newBuilder()
        .setFrom(range.from())
        .setTo(range.to())
        .setExact(range.isExact())
        .build();
  }

  static ClusterDescription cluster(Cluster cluster) {
    return new ClusterDescription(
        cluster.getClusterId(),
        cluster.getMetadataVersion(),
        cluster.getMetadataIndex(),
        Duration.ofMillis(cluster.getImageAgeMs()),
        cluster.hasController() ? OptionalInt.of(cluster.getController()) : OptionalInt.empty(),
        cluster.getVotersList(),
        cluster.getListenersList(),
        cluster.getNodeCount(),
        cluster.getLiveNodeCount(),
        cluster.getTopicCount(),
        cluster.getPartitionCount(),
        cluster.getOfflinePartitionCount(),
        cluster.getUnderReplicatedPartitionCount(),
        cluster.getVersion());
  }

  static NodeDescription node(Node node) {
    return new NodeDescription(
        node.getId(),
        state(node.getState()),
        role(node.getRole()),
        node.getController(),
        node.getRack().isEmpty() ? Optional.empty() : Optional.of(node.getRack()),
        node.getEpoch(),
        HostPort.parse(node.getClientAddress()),
        HostPort.parse(node.getInternalAddress()),
        HostPort.parse(node.getHttpAddress()),
        node.getLeaderCount(),
        node.getReplicaCount(),
        node.getVersion(),
        node.getDecommissioning());
  }

  private static NodeDescription.State state(Node.State state) {
    return switch (state) {
      case STATE_RUNNING -> NodeDescription.State.RUNNING;
      case STATE_STARTING -> NodeDescription.State.STARTING;
      case STATE_FENCED -> NodeDescription.State.FENCED;
      case STATE_DRAINING -> NodeDescription.State.DRAINING;
      case STATE_SUSPECTED -> NodeDescription.State.SUSPECTED;
      case STATE_DRAINED -> NodeDescription.State.DRAINED;
      case STATE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("state", state);
    };
  }

  private static NodeDescription.Role role(Node.Role role) {
    return switch (role) {
      case ROLE_VOTER -> NodeDescription.Role.VOTER;
      case ROLE_LISTENER -> NodeDescription.Role.LISTENER;
      case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("role", role);
    };
  }

  private static IllegalArgumentException unknown(String what, Enum<?> value) {
    return new IllegalArgumentException(
        "Expected a node's " + what + " that this release knows, but was " + value);
  }
}
