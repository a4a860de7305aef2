package dev.naru.metadata.machine;

import dev.naru.types.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Evens out who leads, once it is settled who holds replicas. A leadership moves from node to node
 * along partitions that both hold: where no single move helps, a chain of them does. The end is
 * reached when no chain leads from one node to another that leads at least two partitions less,
 * which is the best there is for these replicas.
 */
final class LeaderBalance {

  private final List<List<NodeId>> placed;

  /** The partitions of these that each node leads; only nodes that may lead are in it. */
  private final TreeMap<NodeId, List<Integer>> led = new TreeMap<>();

  /** How many others each node leads, which stay as they are. */
  private final TreeMap<NodeId, Integer> settled = new TreeMap<>();

  private LeaderBalance(
      List<List<NodeId>> present, List<List<NodeId>> placed, List<NodeId> mayLead) {
    this.placed = placed;
    mayLead.forEach(node -> led.put(node, new ArrayList<>()));
    present.forEach(replicas -> settled.merge(replicas.getFirst(), 1, Integer::sum));
    for (int partition = 0; partition < placed.size(); partition++) {
      ledBy(placed.get(partition).getFirst()).add(partition);
    }
  }

  /**
   * Puts the leader first in each of the placed mutable lists; at the start a node that may lead is
   * first.
   *
   * @param present partitions that keep their leader, the first of their replicas
   */
  static void evenOut(List<List<NodeId>> present, List<List<NodeId>> placed, List<NodeId> mayLead) {
    var balance = new LeaderBalance(present, placed, mayLead);
    while (balance.improve()) {
      // Each round narrows the gap of two nodes, so that it ends.
    }
  }

  private boolean improve() {
    return areUneven()
        && led.keySet().stream()
            .sorted(Comparator.comparingInt(this::leaderships).reversed())
            .anyMatch(this::relieve);
  }

  /** Else no move narrows a gap. */
  private boolean areUneven() {
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (var node : led.keySet()) {
      least = Math.min(least, leaderships(node));
      most = Math.max(most, leaderships(node));
    }
    return most - least >= 2;
  }

  /** Moves one leadership away from this node, to one that leads at least two less. */
  private boolean relieve(NodeId from) {
    var reachedBy = new TreeMap<NodeId, Integer>();
    var next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      var node = next.remove();
      if (leaderships(node) <= leaderships(from) - 2) {
        moveAlong(reachedBy, from, node);
        return true;
      }
      for (int partition : ledBy(node)) {
        for (var other : placed.get(partition)) {
          if (!other.equals(from) && led.containsKey(other) && !reachedBy.containsKey(other)) {
            reachedBy.put(other, partition);
            next.add(other);
          }
        }
      }
    }
    return false;
  }

  private void moveAlong(SortedMap<NodeId, Integer> reachedBy, NodeId from, NodeId to) {
    for (var node = to; !node.equals(from); ) {
      int partition = Optional.ofNullable(reachedBy.get(node)).orElseThrow();
      var replicas = placed.get(partition);
      var leader = replicas.getFirst();
      Collections.swap(replicas, 0, replicas.indexOf(node));
      ledBy(leader).remove(Integer.valueOf(partition));
      ledBy(node).add(partition);
      node = leader;
    }
  }

  private int leaderships(NodeId node) {
    return ledBy(node).size() + settled.getOrDefault(node, 0);
  }

  private List<Integer> ledBy(NodeId node) {
    return Optional.ofNullable(led.get(node)).orElseThrow();
  }
}
