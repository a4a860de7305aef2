package dev.naru.metadata.balance;

import dev.naru.metadata.balance.RebalancePlanner.Draft;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Evens out who leads, among replicas that are in sync. It begins with the preferred leaders, to
 * whom a leadership can go back without a change of the order, and with those that lead now, and
 * takes of both ways the one that ends evener, and then with fewer changes.
 */
final class LeaderPlan {

  private final Ground ground;
  private final int partitionsMax;

  /** Partitions that may get another leader: those that members lead, and nothing else moves. */
  private final TreeMap<PartitionId, Led> free = new TreeMap<>();

  /** The leaders of the others, as far as they are members. */
  private final List<List<NodeId>> settled = new ArrayList<>();

  /**
   * A partition that may get another leader.
   *
   * @param able members in sync, in the order of the replicas
   * @param preferred the preferred leader if it is able, else the present one
   */
  private record Led(PartitionImage entry, List<NodeId> able, NodeId leader, NodeId preferred) {}

  /** Who is to lead each free partition. */
  private record Way(TreeMap<PartitionId, NodeId> leaders, boolean isCutShort) {}

  private LeaderPlan(Ground ground, int partitionsMax) {
    this.ground = ground;
    this.partitionsMax = partitionsMax;
    ground.image().partitionIds().forEach(this::sort);
  }

  static Draft make(Ground ground, int partitionsMax) {
    return new LeaderPlan(ground, partitionsMax).make();
  }

  private void sort(PartitionId id) {
    var entry = ground.entry(id);
    var leader = entry.leader().filter(ground.members()::containsKey);
    if (leader.isEmpty()) {
      return;
    }
    if (!ground.mayChange(id)) {
      settled.add(List.of(leader.get()));
      return;
    }
    var able =
        entry.goal().stream()
            .filter(node -> entry.isr().contains(node) && ground.members().containsKey(node))
            .toList();
    var first = entry.goal().getFirst();
    free.put(id, new Led(entry, able, leader.get(), able.contains(first) ? first : leader.get()));
  }

  private Draft make() {
    var now = leaders(Led::leader);
    var preferred = leaders(Led::preferred);
    var best =
        Stream.of(way(preferred), way(now))
            .flatMap(Optional::stream)
            .min(
                Comparator.<Way>comparingInt(way -> spread(way.leaders))
                    .thenComparingLong(way -> changes(way, Led::leader))
                    .thenComparingLong(way -> changes(way, Led::preferred)));
    if (best.isEmpty()
        || (spread(now) <= spread(best.get().leaders)
            && spread(preferred) <= spread(best.get().leaders))) {
      return new Draft(List.of(), List.of(), false);
    }
    var planned = new ArrayList<PlannedChange>();
    free.forEach((id, led) -> {
      var leader = Optional.ofNullable(best.get().leaders.get(id)).orElseThrow();
      if (!leader.equals(led.leader) || !leader.equals(led.preferred)) {
        planned.add(change(id, led, leader, now));
      }
    });
    return new Draft(planned, List.of(), best.get().isCutShort);
  }

  private TreeMap<PartitionId, NodeId> leaders(Function<Led, NodeId> of) {
    var leaders = new TreeMap<PartitionId, NodeId>();
    free.forEach((id, led) -> leaders.put(id, of.apply(led)));
    return leaders;
  }

  /** From there to where no chain of leaderships helps; nothing if that is too much to begin. */
  private Optional<Way> way(TreeMap<PartitionId, NodeId> from) {
    var leaders = new TreeMap<>(from);
    if (changed(leaders) > partitionsMax) {
      return Optional.empty();
    }
    var placed = new ArrayList<List<NodeId>>();
    free.forEach((id, led) -> {
      var first = Optional.ofNullable(from.get(id)).orElseThrow();
      var order = new ArrayList<>(List.of(first));
      led.able.stream().filter(node -> !node.equals(first)).forEach(order::add);
      placed.add(order);
    });
    var balance = new LeaderBalance(settled, placed, List.copyOf(ground.members().keySet()), true);
    while (balance.improve()) {
      var next = new TreeMap<PartitionId, NodeId>();
      int number = 0;
      for (var id : free.keySet()) {
        next.put(id, placed.get(number++).getFirst());
      }
      if (changed(next) > partitionsMax) {
        return Optional.of(new Way(leaders, true));
      }
      leaders = next;
    }
    return Optional.of(new Way(leaders, false));
  }

  private int changed(Map<PartitionId, NodeId> leaders) {
    int changed = 0;
    for (var each : leaders.entrySet()) {
      var led = Optional.ofNullable(free.get(each.getKey())).orElseThrow();
      boolean isSo = each.getValue().equals(led.leader) && each.getValue().equals(led.preferred);
      changed += isSo ? 0 : 1;
    }
    return changed;
  }

  private long changes(Way way, Function<Led, NodeId> before) {
    return free.entrySet().stream()
        .filter(each -> !before.apply(each.getValue()).equals(way.leaders.get(each.getKey())))
        .count();
  }

  /** By how many partitions who leads most differs from who leads least. */
  private int spread(Map<PartitionId, NodeId> leaders) {
    var counts = counts(leaders);
    return counts.isEmpty()
        ? 0
        : counts.stream().mapToInt(count -> count).max().getAsInt()
            - counts.stream().mapToInt(count -> count).min().getAsInt();
  }

  private Collection<Integer> counts(Map<PartitionId, NodeId> leaders) {
    return countsByNode(leaders).values();
  }

  private TreeMap<NodeId, Integer> countsByNode(Map<PartitionId, NodeId> leaders) {
    var counts = new TreeMap<NodeId, Integer>();
    ground.members().keySet().forEach(node -> counts.put(node, 0));
    settled.forEach(each -> counts.merge(each.getFirst(), 1, Integer::sum));
    leaders.values().forEach(node -> counts.merge(node, 1, Integer::sum));
    return counts;
  }

  private PlannedChange change(
      PartitionId id, Led led, NodeId leader, TreeMap<PartitionId, NodeId> now) {
    var to = new ArrayList<>(List.of(leader));
    led.entry.goal().stream().filter(node -> !node.equals(leader)).forEach(to::add);
    var counts = countsByNode(now);
    var why =
        leader.equals(led.leader)
            ? "node " + leader + " leads it, and is to stay its preferred leader"
            : "node %s leads %s partitions, node %s leads %s"
                .formatted(
                    led.leader,
                    counts.getOrDefault(led.leader, 0),
                    leader,
                    counts.getOrDefault(leader, 0));
    return new PlannedChange(
        id, led.entry.partitionEpoch(), led.entry.goal(), to, Optional.of(led.leader), 0, why);
  }
}
