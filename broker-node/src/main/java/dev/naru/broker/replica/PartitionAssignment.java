package dev.naru.broker.replica;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.Replica;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One partition's entry in a cluster image, with what the image says about its topic and the nodes
 * that hold it.
 *
 * @param imageIndex index in the metadata log of the image this was taken from
 * @param replicas as in the entry, less those whose node is not registered
 */
public record PartitionAssignment(
    PartitionId id,
    long imageIndex,
    PartitionImage entry,
    TopicSettings settings,
    List<AssignedReplica> replicas) {

  /**
   * A replica and the state of its node.
   *
   * @param nodeEpoch the registered one
   * @param assignedAt partition epoch at which it was given the partition: one that was removed and
   *     added again is another replica
   * @param isEligible neither fenced nor stopping
   */
  public record AssignedReplica(
      NodeId node, NodeEpoch nodeEpoch, PartitionEpoch assignedAt, boolean isEligible) {}

  /** Copies the list of replicas. */
  public PartitionAssignment {
    replicas = List.copyOf(replicas);
  }

  /** The partition's entry in this image, taken from it at this index; empty when there is none. */
  public static Optional<PartitionAssignment> of(
      ClusterImage image, long imageIndex, PartitionId id) {
    return image
        .topic(id.topic())
        .flatMap(topic ->
            topic
                .partition(id.partition())
                .map(entry ->
                    new PartitionAssignment(
                        id, imageIndex, entry, topic.settings(), replicas(image, entry))));
  }

  private static List<AssignedReplica> replicas(ClusterImage image, PartitionImage entry) {
    var registered = new ArrayList<AssignedReplica>(entry.replicas().size());
    for (var replica : entry.replicas()) {
      image.node(replica.node()).ifPresent(node -> registered.add(assigned(replica, node)));
    }
    return registered;
  }

  private static AssignedReplica assigned(Replica replica, NodeImage node) {
    return new AssignedReplica(
        replica.node(), node.epoch(), replica.assignedAt(), node.isEligible());
  }

  /** The replica on this node. */
  public Optional<AssignedReplica> replicaOn(NodeId node) {
    for (var replica : replicas) {
      if (replica.node().equals(node)) {
        return Optional.of(replica);
      }
    }
    return Optional.empty();
  }

  /** The leader with its epoch, for a client that asked the wrong node. */
  public Optional<KnownLeader> knownLeader() {
    return entry.leader().map(node -> new KnownLeader(node, leaderEpoch()));
  }

  /** Rises with every change of the leader. */
  public LeaderEpoch leaderEpoch() {
    return entry.leaderEpoch();
  }

  /** Rises with every change of the entry. */
  public PartitionEpoch partitionEpoch() {
    return entry.partitionEpoch();
  }
}
