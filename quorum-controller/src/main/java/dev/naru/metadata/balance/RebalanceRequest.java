package dev.naru.metadata.balance;

import dev.naru.types.TopicId;
import java.util.Optional;
import org.pcollections.TreePSet;

/**
 * What a plan is to do.
 *
 * @param topics whose partitions may change; empty: of all
 * @param partitionsMax how many of them may change by one plan
 */
public record RebalanceRequest(
    RebalanceAim aim, Optional<TreePSet<TopicId>> topics, int partitionsMax) {

  /** Refuses a plan that may change nothing. */
  public RebalanceRequest {
    if (partitionsMax < 1) {
      throw new IllegalArgumentException(
          "Expected a plan of at least one partition, but was " + partitionsMax);
    }
  }

  /** All topics. */
  public static RebalanceRequest of(RebalanceAim aim, int partitionsMax) {
    return new RebalanceRequest(aim, Optional.empty(), partitionsMax);
  }

  boolean mayChange(TopicId topic) {
    return topics.isEmpty() || topics.get().contains(topic);
  }
}
