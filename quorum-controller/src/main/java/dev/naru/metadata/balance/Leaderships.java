package dev.naru.metadata.balance;

import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who leads what, and whose leader may be another one. Where leaders are given as a list, it has
 * one for each free partition, in their order.
 */
final class Leaderships {

  private final Ground ground;

  /** Partitions that may get another leader: those that members lead, and nothing else moves. */
  private final List<Led> free = new ArrayList<>();

  /** The leaders of the others, as far as they are members. */
  private final List<NodeId> settled = new ArrayList<>();

  /**
   * A partition that may get another leader.
   *
   * @param able members in sync, in the order of the replicas
   * @param preferred the preferred leader if it is able, else the present one
   */
  record Led(
      PartitionId id, PartitionImage entry, List<NodeId> able, NodeId leader, NodeId preferred) {

    boolean isDisplaced() {
      return !leader.equals(preferred);
    }
  }

  Leaderships(Ground ground) {
    this.ground = ground;
    ground.image().partitionIds().forEach(this::sort);
  }

  private void sort(PartitionId id) {
    var entry = ground.entry(id);
    var leader = entry.leader().filter(node -> ground.members().containsKey(node));
    if (leader.isEmpty()) {
      return;
    }
    if (!ground.mayChange(id)) {
      settled.add(leader.get());
      return;
    }
    var able =
        entry.goal().stream()
            .filter(node -> entry.isr().contains(node) && ground.members().containsKey(node))
            .toList();
    var first = entry.goal().getFirst();
    free.add(new Led(id, entry, able, leader.get(), able.contains(first) ? first : leader.get()));
  }

  List<Led> free() {
    return Collections.unmodifiableList(free);
  }

  /** Who leads now. */
  List<NodeId> leaders() {
    return free.stream().map(Led::leader).toList();
  }

  /** Who would lead if each leadership went back to whom it can. */
  List<NodeId> preferred() {
    return free.stream().map(Led::preferred).toList();
  }

  /** How many partitions each member would lead, those that cannot change included. */
  SortedMap<NodeId, Integer> counts(List<NodeId> leaders) {
    var counts = new TreeMap<NodeId, Integer>();
    ground.members().keySet().forEach(node -> counts.put(node, 0));
    settled.forEach(node -> counts.merge(node, 1, Integer::sum));
    leaders.forEach(node -> counts.merge(node, 1, Integer::sum));
    return counts;
  }

  /** By how many partitions who leads most differs from who leads least. */
  int spread(List<NodeId> leaders) {
    var counts = counts(leaders).values().stream().mapToInt(count -> count).summaryStatistics();
    return counts.getCount() == 0 ? 0 : counts.getMax() - counts.getMin();
  }

  /** To go on from these leaders. */
  LeaderChains chains(List<NodeId> leaders, Effort effort) {
    var chains = new LeaderChains(ground.members().keySet(), settled, effort);
    for (int number = 0; number < free.size(); number++) {
      chains.add(leaders.get(number), free.get(number).able);
    }
    return chains;
  }
}
