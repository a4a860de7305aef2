package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What can be done for a partition that has nobody safe left.
 *
 * @param best the node whose log reaches furthest of those that can lead; empty when none can
 * @param candidates its replicas, the preferred leader first
 */
public record RecoveryPlan(
    TopicPartition partition, OptionalInt best, List<RecoveryCandidate> candidates) {

  /** Keeps its own copy of the candidates. */
  public RecoveryPlan {
    candidates = List.copyOf(candidates);
  }

  /** The replica on this node. */
  public Optional<RecoveryCandidate> candidate(int node) {
    return candidates.stream().filter(each -> each.node() == node).findFirst();
  }
}
