package dev.naru.kafka.common;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partition and who keeps it. */
public final class PartitionInfo {

  private final String topic;
  private final int partition;
  private final @Nullable Node leader;
  private final List<Node> replicas;
  private final List<Node> inSync;

  /** Led by nobody, if there is no leader. */
  public PartitionInfo(
      String topic, int partition, @Nullable Node leader, Node[] replicas, Node[] inSync) {
    this.topic = topic;
    this.partition = partition;
    this.leader = leader;
    this.replicas = List.of(replicas);
    this.inSync = List.of(inSync);
  }

  /** The topic. */
  public String topic() {
    return topic;
  }

  /** The number. */
  public int partition() {
    return partition;
  }

  /** Who leads it; null if nobody does. */
  public @Nullable Node leader() {
    return leader;
  }

  /** Who keeps it. */
  public Node[] replicas() {
    return replicas.toArray(Node[]::new);
  }

  /** Who has all of it. */
  public Node[] inSyncReplicas() {
    return inSync.toArray(Node[]::new);
  }

  @Override
  public String toString() {
    return "Partition(topic = "
        + topic
        + ", partition = "
        + partition
        + ", leader = "
        + (leader == null ? "none" : leader.idString())
        + ", replicas = "
        + replicas.stream().map(Node::id).toList()
        + ", isr = "
        + inSync.stream().map(Node::id).toList()
        + ")";
  }
}
