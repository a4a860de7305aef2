package dev.naru.metadata.balance;

import dev.naru.metadata.balance.Leaderships.Led;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Leaderships leaderships;
  private final List<Led> free;
  private final List<NodeId> now;
  private final List<NodeId> preferred;
  private final int partitionsMax;
  private final Effort effort;

  /**
   * Who is to lead each free partition.
   *
   * @param changed which of them the plan names
   */
  private record Way(List<NodeId> leaders, BitSet changed, boolean isCutShort) {}

  private LeaderPlan(Leaderships leaderships, int partitionsMax, Effort effort) {
    this.leaderships = leaderships;
    this.free = leaderships.free();
    this.now = leaderships.leaders();
    this.preferred = leaderships.preferred();
    this.partitionsMax = partitionsMax;
    this.effort = effort;
  }

  static Draft make(Ground ground, int partitionsMax, Effort effort) {
    var plan = new LeaderPlan(new Leaderships(ground), partitionsMax, effort);
    return plan.draft(plan.best());
  }

  // ---- which way

  private Way best() {
    long displaced = free.stream().filter(Led::isDisplaced).count();
    return displaced > partitionsMax ? part() : whole();
  }

  /** What settles each displaced leader: by an election, or by another order. */
  private Way whole() {
    return Stream.of(way(preferred, true), way(now, true))
        .flatMap(Optional::stream)
        .min(
            Comparator.<Way>comparingInt(way -> leaderships.spread(way.leaders))
                .thenComparingLong(way -> changes(way, Led::leader))
                .thenComparingLong(way -> changes(way, Led::preferred)))
        .orElseThrow(); // to change the displaced ones alone is not too much
  }

  private long changes(Way way, Function<Led, NodeId> before) {
    return IntStream.range(0, free.size())
        .filter(number -> !before.apply(free.get(number)).equals(way.leaders.get(number)))
        .count();
  }

  /** A part of what is to be done: fewer leaders are displaced by it, or it is evener. */
  private Way part() {
    var givenBack = new PreferredElections(leaderships, effort).leadersAfter(partitionsMax);
    var way = way(givenBack, false).orElseThrow(); // no more than may be are given back
    if (!way.changed.isEmpty() || way.isCutShort) {
      return new Way(way.leaders, way.changed, true);
    }
    return leaderships.spread(preferred) <= leaderships.spread(now) ? way : kept();
  }

  /** All stay, and as many displaced leaders as the plan may name become the preferred ones. */
  private Way kept() {
    var kept = new BitSet();
    for (int number = 0; kept.cardinality() < partitionsMax; number++) {
      kept.set(number, free.get(number).isDisplaced());
    }
    return new Way(now, kept, true);
  }

  // ---- one way

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
    var chains = leaderships.chains(from, effort);
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
    return !leader.equals(led.leader()) || (isWhole && led.isDisplaced());
  }

  // ---- what is said of it

  private Draft draft(Way way) {
    int spread = leaderships.spread(way.leaders);
    boolean isEven = leaderships.spread(now) <= spread && leaderships.spread(preferred) <= spread;
    if (isEven && !way.isCutShort) {
      return Draft.NOTHING;
    }
    var counts = leaderships.counts(now);
    var changes =
        way.changed.stream()
            .mapToObj(number -> change(free.get(number), way.leaders.get(number), counts))
            .toList();
    return new Draft(changes, notes(changes), way.isCutShort);
  }

  private static PlannedChange change(Led led, NodeId leader, Map<NodeId, Integer> counts) {
    var to = new ArrayList<>(List.of(leader));
    led.entry().goal().stream().filter(node -> !node.equals(leader)).forEach(to::add);
    return new PlannedChange(
        led.id(),
        led.entry().partitionEpoch(),
        led.entry().goal(),
        to,
        Optional.of(led.leader()),
        0,
        why(led, leader, counts));
  }

  private static String why(Led led, NodeId leader, Map<NodeId, Integer> counts) {
    return leader.equals(led.leader())
        ? "node " + leader + " leads it, and is to stay its preferred leader"
        : "node %s leads %s partitions, node %s leads %s"
            .formatted(
                led.leader(),
                counts.getOrDefault(led.leader(), 0),
                leader,
                counts.getOrDefault(leader, 0));
  }

  private List<String> notes(List<PlannedChange> changes) {
    if (effort.isOver()) {
      return List.of(Draft.CUT_BY_EFFORT);
    }
    return changes.isEmpty()
        ? List.of(
            ("leaders are uneven, but to even them out more than %d partitions have to change"
                    + " at once")
                .formatted(partitionsMax))
        : List.of();
  }
}
