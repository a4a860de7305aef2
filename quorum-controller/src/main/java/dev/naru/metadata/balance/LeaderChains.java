package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Evens out who leads. A leadership goes from node to node along partitions that both may lead:
 * where no single one helps, a chain of them does. It goes to the node that leads least of those
 * that can be reached, so that few have to go. At the end no chain leads from one node to another
 * that leads at least two partitions less, which is the best there is for these replicas.
 *
 * <p>The metadata log does the same for what it places, by rules of its own that must never change.
 * Here many partitions have to be cheap: a step looks at pairs of nodes, not at partitions.
 */
final class LeaderChains {

  private static final int NOBODY = -1;

  private final Effort effort;
  private final List<NodeId> nodes;
  private final TreeMap<NodeId, Integer> places = new TreeMap<>();

  /** How many partitions each node leads. */
  private final int[] counts;

  private final List<Integer> leaders = new ArrayList<>();
  private final List<int[]> able = new ArrayList<>();

  /**
   * For each pair of nodes the partitions that the first leads and the second may lead. Some are
   * led by others by now: they are dropped when they come first.
   */
  private final List<List<Queue<Integer>>> ways = new ArrayList<>();

  private final List<Integer> moved = new ArrayList<>();

  /**
   * Without partitions that could get another leader.
   *
   * @param members who may lead
   * @param settled leaders of the other partitions, as often as they lead
   */
  LeaderChains(Collection<NodeId> members, Collection<NodeId> settled, Effort effort) {
    this.effort = effort;
    this.nodes = members.stream().sorted().toList();
    this.counts = new int[nodes.size()];
    for (int place = 0; place < nodes.size(); place++) {
      places.put(nodes.get(place), place);
      ways.add(new ArrayList<>());
      for (int other = 0; other < nodes.size(); other++) {
        ways.get(place).add(new ArrayDeque<>());
      }
    }
    for (var leader : settled) {
      place(leader).ifPresent(place -> counts[place]++);
    }
  }

  /** Adds a partition under the next number; of those that may lead it only members count. */
  void add(NodeId leader, Collection<NodeId> mayLead) {
    int place = place(leader).orElseThrow();
    able.add(
        mayLead.stream()
            .flatMap(node -> place(node).stream())
            .mapToInt(Integer::intValue)
            .toArray());
    leaders.add(place);
    counts[place]++;
    offer(leaders.size() - 1, place);
  }

  private Optional<Integer> place(NodeId node) {
    return Optional.ofNullable(places.get(node));
  }

  private void offer(int partition, int leader) {
    for (int other : able.get(partition)) {
      if (other != leader) {
        ways.get(leader).get(other).add(partition);
      }
    }
  }

  NodeId leader(int partition) {
    return nodes.get(leaders.get(partition));
  }

  /** The numbers of the partitions that the last step gave another leader. */
  List<Integer> moved() {
    return List.copyOf(moved);
  }

  /** One chain of leaderships; false if there is none, or no effort left to find it. */
  boolean improve() {
    moved.clear();
    int least = Arrays.stream(counts).min().orElse(0);
    return IntStream.range(0, counts.length)
        .boxed()
        .sorted(Comparator.comparingInt((Integer node) -> counts[node]).reversed())
        .takeWhile(node -> counts[node] >= least + 2)
        .anyMatch(node -> !effort.isOver() && relieve(node));
  }

  /** Moves one leadership away from this node, to one that leads at least two less. */
  private boolean relieve(int from) {
    int[] reachedFrom = new int[counts.length];
    Arrays.fill(reachedFrom, NOBODY);
    var next = new ArrayDeque<>(List.of(from));
    int least = NOBODY;
    while (!next.isEmpty()) {
      int node = next.remove();
      if (counts[node] <= counts[from] - 2 && (least == NOBODY || counts[node] < counts[least])) {
        least = node;
      }
      for (int other = 0; other < counts.length; other++) {
        effort.look();
        if (other != from && reachedFrom[other] == NOBODY && first(node, other).isPresent()) {
          reachedFrom[other] = node;
          next.add(other);
        }
      }
    }
    for (int node = least; node != NOBODY && node != from; node = reachedFrom[node]) {
      give(first(reachedFrom[node], node).orElseThrow(), node);
    }
    return least != NOBODY;
  }

  /** The first partition that one leads and the other may lead. */
  private Optional<Integer> first(int leader, int other) {
    var way = ways.get(leader).get(other);
    while (!way.isEmpty() && leaders.get(way.element()) != leader) {
      way.remove();
    }
    return Optional.ofNullable(way.peek());
  }

  private void give(int partition, int to) {
    counts[leaders.get(partition)]--;
    counts[to]++;
    leaders.set(partition, to);
    offer(partition, to);
    moved.add(partition);
  }
}
