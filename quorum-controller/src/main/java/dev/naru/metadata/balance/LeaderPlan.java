package dev.naru.metadata.balance;

import dev.naru.metadata.balance.RebalancePlanner.Draft;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Evens out who leads, among replicas that are in sync. It begins with the preferred leaders, to
 * whom a leadership can go back without a change of the order, and with those that lead now, and
 * takes of both ways the one that ends evener, and then with fewer changes.
 *
 * <p>Where more leaders are displaced than may change, it begins with those that lead now, gives
 * back what evens out most, and leaves the rest to the next plan.
 */
final class LeaderPlan {

  private final Ground ground;
  private final int partitionsMax;
  private final Effort effort;

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
  private record Led(
      PartitionId id, PartitionImage entry, List<NodeId> able, NodeId leader, NodeId preferred) {

    boolean isDisplaced() {
      return !leader.equals(preferred);
    }
  }

  /**
   * Who is to lead each free partition.
   *
   * @param changed which of them the plan names
   */
  private record Way(List<NodeId> leaders, BitSet changed, boolean isCutShort) {}

  private LeaderPlan(Ground ground, int partitionsMax, Effort effort) {
    this.ground = ground;
    this.partitionsMax = partitionsMax;
    this.effort = effort;
    ground.image().partitionIds().forEach(this::sort);
  }

  static Draft make(Ground ground, int partitionsMax, Effort effort) {
    return new LeaderPlan(ground, partitionsMax, effort).make();
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

  private Draft make() {
    var now = leaders(Led::leader);
    var preferred = leaders(Led::preferred);
    long displaced = free.stream().filter(Led::isDisplaced).count();
    var best = displaced > partitionsMax ? part(now, preferred) : whole(now, preferred);
    boolean isEven =
        spread(now) <= spread(best.leaders) && spread(preferred) <= spread(best.leaders);
    if (isEven && !best.isCutShort) {
      return new Draft(List.of(), List.of(), false);
    }
    var counts = counts(now);
    var planned =
        best.changed.stream()
            .mapToObj(number -> change(free.get(number), best.leaders.get(number), counts))
            .toList();
    var notes = new ArrayList<String>();
    if (effort.isOver()) {
      notes.add(RebalancePlanner.CUT_BY_EFFORT);
    } else if (planned.isEmpty()) {
      notes.add(
          "leaders are uneven, but to even them out more than %d partitions have to change at once"
              .formatted(partitionsMax));
    }
    return new Draft(planned, notes, best.isCutShort);
  }

  private List<NodeId> leaders(Function<Led, NodeId> of) {
    return free.stream().map(of).toList();
  }

  /** What settles each displaced leader: by an election, or by another order. */
  private Way whole(List<NodeId> now, List<NodeId> preferred) {
    return Stream.of(way(preferred, true), way(now, true))
        .flatMap(Optional::stream)
        .min(
            Comparator.<Way>comparingInt(way -> spread(way.leaders))
                .thenComparingLong(way -> changes(way, Led::leader))
                .thenComparingLong(way -> changes(way, Led::preferred)))
        .orElseThrow(); // to change the displaced ones alone is not too much
  }

  /** A part of what is to be done: fewer leaders are displaced by it, or it is evener. */
  private Way part(List<NodeId> now, List<NodeId> preferred) {
    var way = way(givenBack(now), false).orElseThrow(); // no more than may be are given back
    if (!way.changed.isEmpty() || way.isCutShort) {
      return new Way(way.leaders, way.changed, true);
    }
    if (spread(preferred) <= spread(now)) {
      return way;
    }
    var kept = new BitSet(); // these leaders are to stay the preferred ones
    for (int number = 0; kept.cardinality() < partitionsMax; number++) {
      kept.set(number, free.get(number).isDisplaced());
    }
    return new Way(now, kept, true);
  }

  /** With those back to whom a leadership may go without making any two nodes less even. */
  private List<NodeId> givenBack(List<NodeId> now) {
    var ways = new TreeMap<NodeId, TreeMap<NodeId, Queue<Integer>>>();
    for (int number = 0; number < free.size(); number++) {
      var led = free.get(number);
      if (led.isDisplaced()) {
        ways.computeIfAbsent(led.leader, _ -> new TreeMap<>())
            .computeIfAbsent(led.preferred, _ -> new ArrayDeque<>())
            .add(number);
      }
    }
    var leaders = new ArrayList<>(now);
    var counts = counts(now);
    for (int given = 0; given < partitionsMax && !effort.isOver(); given++) {
      int most = 0;
      Optional<Queue<Integer>> best = Optional.empty();
      for (var from : ways.entrySet()) {
        for (var to : from.getValue().entrySet()) {
          effort.look();
          int gap = count(counts, from.getKey()) - count(counts, to.getKey());
          if (gap > most && !to.getValue().isEmpty()) {
            most = gap;
            best = Optional.of(to.getValue());
          }
        }
      }
      if (best.isEmpty()) {
        break;
      }
      int number = best.get().remove();
      var led = free.get(number);
      leaders.set(number, led.preferred);
      counts.merge(led.leader, -1, Integer::sum);
      counts.merge(led.preferred, 1, Integer::sum);
    }
    return leaders;
  }

  /**
   * From there to where no chain of leaderships helps; nothing if that is too much to begin.
   *
   * @param isWhole whether each displaced leader counts as a change, even one that stays
   */
  private Optional<Way> way(List<NodeId> from, boolean isWhole) {
    var leaders = new ArrayList<>(from);
    var changed = new BitSet();
    for (int number = 0; number < free.size(); number++) {
      changed.set(number, isChange(number, from.get(number), isWhole));
    }
    if (changed.cardinality() > partitionsMax) {
      return Optional.empty();
    }
    var chains = new LeaderChains(ground.members().keySet(), settled, effort);
    for (int number = 0; number < free.size(); number++) {
      chains.add(from.get(number), free.get(number).able);
    }
    while (chains.improve()) {
      var next = (BitSet) changed.clone();
      for (int number : chains.moved()) {
        next.set(number, isChange(number, chains.leader(number), isWhole));
      }
      if (next.cardinality() > partitionsMax) {
        return Optional.of(new Way(leaders, changed, true));
      }
      chains.moved().forEach(number -> leaders.set(number, chains.leader(number)));
      changed = next;
    }
    return Optional.of(new Way(leaders, changed, effort.isOver()));
  }

  private boolean isChange(int number, NodeId leader, boolean isWhole) {
    var led = free.get(number);
    return !leader.equals(led.leader) || (isWhole && led.isDisplaced());
  }

  private long changes(Way way, Function<Led, NodeId> before) {
    return IntStream.range(0, free.size())
        .filter(number -> !before.apply(free.get(number)).equals(way.leaders.get(number)))
        .count();
  }

  /** By how many partitions who leads most differs from who leads least. */
  private int spread(List<NodeId> leaders) {
    var counts = counts(leaders).values().stream().mapToInt(count -> count).summaryStatistics();
    return counts.getCount() == 0 ? 0 : counts.getMax() - counts.getMin();
  }

  private Map<NodeId, Integer> counts(List<NodeId> leaders) {
    var counts = new TreeMap<NodeId, Integer>();
    ground.members().keySet().forEach(node -> counts.put(node, 0));
    settled.forEach(node -> counts.merge(node, 1, Integer::sum));
    leaders.forEach(node -> counts.merge(node, 1, Integer::sum));
    return counts;
  }

  private static int count(Map<NodeId, Integer> counts, NodeId node) {
    return counts.getOrDefault(node, 0);
  }

  private static PlannedChange change(Led led, NodeId leader, Map<NodeId, Integer> now) {
    var to = new ArrayList<>(List.of(leader));
    led.entry.goal().stream().filter(node -> !node.equals(leader)).forEach(to::add);
    var why =
        leader.equals(led.leader)
            ? "node " + leader + " leads it, and is to stay its preferred leader"
            : "node %s leads %s partitions, node %s leads %s"
                .formatted(led.leader, count(now, led.leader), leader, count(now, leader));
    return new PlannedChange(
        led.id, led.entry.partitionEpoch(), led.entry.goal(), to, Optional.of(led.leader), 0, why);
  }
}
