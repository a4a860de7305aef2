package dev.naru.kafka.common;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partition of a topic that is described. */
public final class TopicPartitionInfo {

  private final int partition;
  private final @Nullable Node leader;
  private final List<Node> replicas;
  private final List<Node> isr;

  /** Led by nobody, if there is no leader. */
  public TopicPartitionInfo(
      int partition, @Nullable Node leader, List<Node> replicas, List<Node> isr) {
    this.partition = partition;
    this.leader = leader;
    this.replicas = List.copyOf(replicas);
    this.isr = List.copyOf(isr);
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
  public List<Node> replicas() {
    return replicas;
  }

  /** Who has all of it. */
  public List<Node> isr() {
    return isr;
  }
}
