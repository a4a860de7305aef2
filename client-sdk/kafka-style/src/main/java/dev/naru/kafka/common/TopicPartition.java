package dev.naru.kafka.common;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One partition of a topic. Written {@code orders-3}. */
public final class TopicPartition implements Serializable {

  private static final long serialVersionUID = 1;

  private final String topic;
  private final int partition;

  /** The partition with this number. */
  public TopicPartition(String topic, int partition) {
    this.topic = Objects.requireNonNull(topic, "Expected a topic");
    this.partition = partition;
  }

  /** The topic. */
  public String topic() {
    return topic;
  }

  /** The number. */
  public int partition() {
    return partition;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TopicPartition that
        && partition == that.partition
        && topic.equals(that.topic);
  }

  @Override
  public int hashCode() {
    return 31 * partition + topic.hashCode();
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
