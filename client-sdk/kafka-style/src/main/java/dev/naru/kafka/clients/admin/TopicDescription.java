package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.TopicPartitionInfo;
import java.util.List;

/** A topic and who keeps it. */
public final class TopicDescription {

  private final String name;
  private final boolean isInternal;
  private final List<TopicPartitionInfo> partitions;

  TopicDescription(String name, boolean isInternal, List<TopicPartitionInfo> partitions) {
    this.name = name;
    this.isInternal = isInternal;
    this.partitions = List.copyOf(partitions);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** Whether nodes keep it for themselves. */
  public boolean isInternal() {
    return isInternal;
  }

  /** Its partitions in the order of their numbers. */
  public List<TopicPartitionInfo> partitions() {
    return partitions;
  }
}
