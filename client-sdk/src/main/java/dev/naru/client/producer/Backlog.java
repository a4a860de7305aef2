package dev.naru.client.producer;

import dev.naru.client.core.ClusterView;
import dev.naru.client.core.PartitionView;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whom the memory of a producer waits for: its bytes by the node that leads their partitions.
 *
 * @param leaderless bytes of partitions without a known leader
 */
record Backlog(Map<NodeId, Long> byNode, long leaderless) {

  /** Those with the most are what a message names. */
  private static final int NODES_MAX = 5;

  /** What these lanes hold now. On the loop. */
  static Backlog of(Collection<Lane> lanes, ClusterView view) {
    var byNode = new TreeMap<NodeId, Long>();
    long leaderless = 0;
    for (var lane : lanes) {
      long bytes = lane.heldBytes();
      var leader = leaderOf(lane, view);
      if (bytes > 0 && leader.isPresent()) {
        byNode.merge(leader.get(), bytes, Long::sum);
      } else {
        leaderless += bytes;
      }
    }
    return new Backlog(byNode, leaderless);
  }

  private static Optional<NodeId> leaderOf(Lane lane, ClusterView view) {
    return view.topic(lane.name().topic(), lane.id().topic())
        .flatMap(topic -> topic.partition(lane.id().partition()))
        .flatMap(PartitionView::leader);
  }

  /** As a part of a sentence: "61440 bytes for node 1, 4096 bytes for node 3". */
  @Override
  public String toString() {
    var most = Comparator.comparingLong((Map.Entry<NodeId, Long> each) -> -each.getValue());
    var waiting =
        byNode.entrySet().stream()
            .sorted(most.thenComparing(Map.Entry::getKey))
            .limit(NODES_MAX)
            .map(each -> each.getValue() + " bytes for node " + each.getKey())
            .collect(Collectors.toCollection(ArrayList::new));
    if (byNode.size() > NODES_MAX) {
      waiting.add("more for " + (byNode.size() - NODES_MAX) + " other nodes");
    }
    if (leaderless > 0) {
      waiting.add(leaderless + " bytes for a leader");
    }
    return String.join(", ", waiting);
  }
}
