package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.TopicPartition;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a member holds. */
public final class MemberAssignment {

  private final Set<TopicPartition> partitions;

  MemberAssignment(Set<TopicPartition> partitions) {
    this.partitions = Collections.unmodifiableSet(new LinkedHashSet<>(partitions));
  }

  /** These partitions. */
  public Set<TopicPartition> topicPartitions() {
    return partitions;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MemberAssignment that && partitions.equals(that.partitions);
  }

  @Override
  public int hashCode() {
    return partitions.hashCode();
  }

  @Override
  public String toString() {
    return "(topicPartitions=" + partitions + ")";
  }
}
