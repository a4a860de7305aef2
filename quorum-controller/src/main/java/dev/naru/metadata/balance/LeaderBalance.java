package dev.naru.metadata.balance;

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
public final class LeaderBalance {

  private final List<List<NodeId>> placed;

  /**
   * Whether a leadership goes to the node that leads least of those that it can get to, so that
   * fewer have to go. Placements do not ask for it: what the metadata log has decided must be
   * decided so again.
   */
  private final boolean isSparing;

  /** The partitions of these that each node leads; only nodes that may lead are in it. */
  private final TreeMap<NodeId, List<Integer>> led = new TreeMap<>();

  /** How many others each node leads, which stay as they are. */
  private final TreeMap<NodeId, Integer> settled = new TreeMap<>();

  /** What the last step gave another leader. */
  private final List<Integer> moved = new ArrayList<>();

  private long looks;

  /**
   * As it is at the start; the placed mutable lists are changed with each step.
   *
   * @param present partitions that keep their leader, the first of their replicas
   * @param placed the replicas of each other partition; a node that may lead is first
   */
  LeaderBalance(
      List<List<NodeId>> present,
      List<List<NodeId>> placed,
      List<NodeId> mayLead,
      boolean isSparing) {
    this.placed = placed;
    this.isSparing = isSparing;
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
  public static void evenOut(
      List<List<NodeId>> present, List<List<NodeId>> placed, List<NodeId> mayLead) {
    var balance = new LeaderBalance(present, placed, mayLead, false);
    while (balance.improve()) {
      // Each round narrows the gap of two nodes, so that it ends.
    }
  }

  /** One chain of leaderships less that could be moved; false if there is none. */
  boolean improve() {
    return led.keySet().stream()
        .sorted(Comparator.comparingInt(this::leaderships).reversed())
        .anyMatch(this::relieve);
  }

  /** The numbers of the placed partitions that the last step gave another leader. */
  List<Integer> moved() {
    return List.copyOf(moved);
  }

  /** At how many partitions was looked so far; a measure of time that is the same everywhere. */
  long looks() {
    return looks;
  }

  /** Moves one leadership away from this node, to one that leads at least two less. */
  private boolean relieve(NodeId from) {
    var reachedBy = new TreeMap<NodeId, Integer>();
    var next = new ArrayDeque<>(List.of(from));
    Optional<NodeId> least = Optional.empty();
    while (!next.isEmpty()) {
      var node = next.remove();
      if (leaderships(node) <= leaderships(from) - 2
          && least.filter(other -> leaderships(other) <= leaderships(node)).isEmpty()) {
        least = Optional.of(node);
        if (!isSparing) {
          break;
        }
      }
      for (int partition : ledBy(node)) {
        if (reachedBy.size() == led.size() - 1) {
          break; // all others are reached
        }
        looks++;
        for (var other : placed.get(partition)) {
          if (!other.equals(from) && led.containsKey(other) && !reachedBy.containsKey(other)) {
            reachedBy.put(other, partition);
            next.add(other);
          }
        }
      }
    }
    least.ifPresent(to -> moveAlong(reachedBy, from, to));
    return least.isPresent();
  }

  private void moveAlong(SortedMap<NodeId, Integer> reachedBy, NodeId from, NodeId to) {
    moved.clear();
    for (var node = to; !node.equals(from); ) {
      int partition = Optional.ofNullable(reachedBy.get(node)).orElseThrow();
      var replicas = placed.get(partition);
      var leader = replicas.getFirst();
      Collections.swap(replicas, 0, replicas.indexOf(node));
      ledBy(leader).remove(Integer.valueOf(partition));
      ledBy(node).add(partition);
      moved.add(partition);
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
