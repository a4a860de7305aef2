package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;

/**
 * Gives leaderships back to preferred leaders where there are too many to give back all: one after
 * the other, from the node that then leads most more than the one that gets it. None makes two
 * nodes less even.
 */
final class PreferredElections {

  private final Leaderships leaderships;
  private final Effort effort;
  private final List<NodeId> leaders;
  private final Map<NodeId, Integer> counts;

  /** The displaced ones, by who leads them and by whom they prefer. */
  private final TreeMap<NodeId, TreeMap<NodeId, Queue<Integer>>> displaced = new TreeMap<>();

  PreferredElections(Leaderships leaderships, Effort effort) {
    this.leaderships = leaderships;
    this.effort = effort;
    this.leaders = new ArrayList<>(leaderships.leaders());
    this.counts = leaderships.counts(leaders);
    var free = leaderships.free();
    for (int number = 0; number < free.size(); number++) {
      var led = free.get(number);
      if (led.isDisplaced()) {
        displaced
            .computeIfAbsent(led.leader(), _ -> new TreeMap<>())
            .computeIfAbsent(led.preferred(), _ -> new ArrayDeque<>())
            .add(number);
      }
    }
  }

  /** Who leads each free partition after as many as help, and no more than that. */
  List<NodeId> leadersAfter(int electionsMax) {
    for (int given = 0; given < electionsMax && !effort.isOver(); given++) {
      var queue = widest();
      if (queue.isEmpty()) {
        break;
      }
      giveBack(queue.get().remove());
    }
    return List.copyOf(leaders);
  }

  /** Those between the two nodes that differ most; empty if to give one back helps nobody. */
  private Optional<Queue<Integer>> widest() {
    int most = 0;
    Optional<Queue<Integer>> widest = Optional.empty();
    for (var from : displaced.entrySet()) {
      for (var to : from.getValue().entrySet()) {
        effort.look();
        int gap = count(from.getKey()) - count(to.getKey());
        if (gap > most && !to.getValue().isEmpty()) {
          most = gap;
          widest = Optional.of(to.getValue());
        }
      }
    }
    return widest;
  }

  private int count(NodeId node) {
    return counts.getOrDefault(node, 0);
  }

  private void giveBack(int number) {
    var led = leaderships.free().get(number);
    leaders.set(number, led.preferred());
    counts.merge(led.leader(), -1, Integer::sum);
    counts.merge(led.preferred(), 1, Integer::sum);
  }
}
