package dev.naru.metadata.balance;

import dev.naru.metadata.balance.RebalancePlanner.Draft;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Evens out what nodes hold. One replica after the other goes from the fullest node that can give
 * one to where it narrows the gaps most; with each such step the sum of the squares of how full
 * nodes are gets smaller, so that it ends. Partitions that use fewer racks than they could are
 * mended first, for which alone a plan may make nodes less even: a rack that fails takes all
 * copies.
 *
 * <p>Then the first places of those partitions that move anyway are dealt out, so that who gets
 * replicas leads some of them too.
 *
 * <p>A step looks at groups of partitions that are alike, and in each for the best weight: a few
 * dozen looks among ten nodes, some thousand among a hundred. {@link Effort} bounds them all.
 */
final class DataPlan {

  /** A partition takes one step, seldom two; whatever happens, it ends. */
  private static final int STEPS_PER_PARTITION_MAX = 10;

  /** Nodes that differ by less of the mean are even: to copy data for it is not worth it. */
  static final double TOLERANCE = 0.1;

  /** What narrows most; between equals the smaller one, and then always the same. */
  private static final Comparator<Narrows> ORDER =
      Comparator.comparingDouble(Narrows::gain)
          .reversed()
          .thenComparingLong(step -> step.partition().weight)
          .thenComparingInt(step -> step.partition().number)
          .thenComparing(step -> step.to().node());

  private final Ground ground;
  private final RebalanceRequest request;
  private final Measured measured;
  private final Effort effort;
  private final Holdings holdings;
  private final TreeMap<PartitionId, Movable> changed = new TreeMap<>();
  private final TreeMap<PartitionId, String> reasons = new TreeMap<>();
  private int stepsLeft;
  private boolean isFull; // no more partitions may change

  // A step would be possible once the others have been carried out.
  private boolean isMendingLater;
  private boolean isNarrowingLater;

  /** One replica that goes from here to there. */
  private sealed interface Step {
    Movable partition();

    Holder from();

    Holder to();
  }

  private record Mends(Movable partition, Holder from, Holder to) implements Step {}

  private record Narrows(Movable partition, Holder from, Holder to, double gain) implements Step {}

  private DataPlan(Ground ground, Measured measured, RebalanceRequest request, Effort effort) {
    this.ground = ground;
    this.request = request;
    this.measured = measured;
    this.effort = effort;
    this.holdings = new Holdings(ground, measured, request.aim() == RebalanceAim.DISK);
    this.stepsLeft = STEPS_PER_PARTITION_MAX * request.partitionsMax();
  }

  /**
   * The plan.
   *
   * @param dealing bounds who leads what moves
   */
  static Draft make(
      Ground ground, Measured measured, RebalanceRequest request, Effort effort, Effort dealing) {
    var plan = new DataPlan(ground, measured, request, effort);
    plan.takeSteps();
    plan.dealLeaders(dealing);
    return plan.draft();
  }

  private void takeSteps() {
    boolean isNews = true;
    while (isNews && !isEnded()) {
      boolean isMended = mendAll();
      boolean isNarrowed = narrowAll();
      isNews = isMended || isNarrowed;
    }
  }

  private boolean isEnded() {
    return isFull || effort.isOver();
  }

  /** Whether it was taken: not if too many partitions change already. */
  private boolean take(Step step) {
    var partition = step.partition();
    boolean isNew = !changed.containsKey(partition.id);
    if ((isNew && changed.size() >= request.partitionsMax()) || stepsLeft == 0) {
      isFull = true;
      return false;
    }
    stepsLeft--;
    if (isNew) {
      reasons.put(partition.id, reason(step));
    }
    holdings.move(partition, step.from(), step.to());
    if (partition.isChanged()) {
      changed.put(partition.id, partition);
    } else {
      changed.remove(partition.id);
    }
    return true;
  }

  private static boolean fits(Movable partition, Holder to) {
    return partition.weight <= to.room();
  }

  private static boolean fitsLater(Movable partition, Holder to) {
    return !fits(partition, to) && partition.weight <= to.roomLater();
  }

  // ---- racks

  private boolean mendAll() {
    boolean isMended = false;
    isMendingLater = false;
    for (var partition : crowded()) {
      var step = isEnded() ? Optional.<Step>empty() : mend(partition);
      isMended |= step.isPresent() && take(step.get());
    }
    return isMended;
  }

  /** Those that use fewer racks than they could, in order. */
  private List<Movable> crowded() {
    return holdings.groups().stream()
        .filter(group -> ground.spread(group.nodes()).racks() < ground.racksFor(group.nodes()))
        .flatMap(group -> group.partitions().stream())
        .sorted(Comparator.comparingInt(each -> each.number))
        .toList();
  }

  /** One replica from a rack that holds two to one that holds none, if there are both. */
  private Optional<Step> mend(Movable partition) {
    var sorted = holdings.byFullness();
    var replicas = partition.planned();
    int racks = ground.spread(replicas).racks();
    for (var from : sorted.reversed()) {
      effort.look();
      if (!replicas.contains(from.node())) {
        continue;
      }
      for (var to : sorted) {
        effort.look();
        if (!replicas.contains(to.node())
            && ground.spread(partition.with(from.node(), to.node())).racks() > racks) {
          if (fits(partition, to)) {
            return Optional.of(new Mends(partition, from, to));
          }
          isMendingLater |= fitsLater(partition, to);
        }
      }
    }
    return Optional.empty();
  }

  // ---- gaps

  private boolean narrowAll() {
    boolean isNarrowed = false;
    var step = narrowing();
    while (step.isPresent() && !effort.isOver() && take(step.get())) {
      isNarrowed = true;
      step = narrowing();
    }
    return isNarrowed;
  }

  /** The step from the fullest node that has one; empty where all is even enough. */
  private Optional<Narrows> narrowing() {
    isNarrowingLater = false;
    var sorted = holdings.byFullness();
    for (var from : sorted.reversed()) {
      long heaviest = from.groups().stream().mapToLong(Alike::heaviest).max().orElse(0);
      Optional<Narrows> best = Optional.empty();
      for (var to : sorted) {
        if (from.full() - to.full() <= TOLERANCE * holdings.mean()) {
          break; // and those behind it are fuller
        }
        if (best.isEmpty() || best.get().gain < from.gainMax(to, heaviest)) {
          best = better(best, narrowing(from, to));
        }
      }
      if (best.isPresent()) {
        return best;
      }
    }
    return Optional.empty();
  }

  private Optional<Narrows> narrowing(Holder from, Holder to) {
    long weight = from.bestWeight(to);
    int rack = ground.rackNumber(to.node());
    Optional<Narrows> best = Optional.empty();
    for (var group : from.groups()) {
      effort.look();
      if (effort.isOver()) {
        break;
      }
      if (!group.partitions().isEmpty() && group.mayGo(from.node(), to.node(), rack)) {
        for (var partition : group.nearest(weight, to.roomLater())) {
          best = better(best, fitting(partition, group, from, to));
        }
      }
    }
    return best;
  }

  /** This one, or, where there is no room for it yet, the heaviest for which there is. */
  private Optional<Narrows> fitting(Movable partition, Alike group, Holder from, Holder to) {
    if (from.gain(to, partition.weight) <= 0) {
      return Optional.empty();
    }
    if (fits(partition, to)) {
      return Optional.of(narrows(partition, from, to));
    }
    isNarrowingLater |= fitsLater(partition, to);
    return group.nearest(from.bestWeight(to), to.room()).stream()
        .findFirst()
        .map(lighter -> narrows(lighter, from, to))
        .filter(step -> step.gain > 0);
  }

  private static Narrows narrows(Movable partition, Holder from, Holder to) {
    return new Narrows(partition, from, to, from.gain(to, partition.weight));
  }

  private static Optional<Narrows> better(Optional<Narrows> one, Optional<Narrows> other) {
    return one.isEmpty() || (other.isPresent() && ORDER.compare(other.get(), one.get()) < 0)
        ? other
        : one;
  }

  // ---- who leads what moves

  private void dealLeaders(Effort dealing) {
    var settled = new ArrayList<NodeId>();
    var dealt = new ArrayList<Movable>();
    ground
        .image()
        .partitionIds()
        .forEach(id -> {
          var partition = changed.get(id);
          if (partition == null) {
            settled.add(ground.goal(id).getFirst());
          } else if (ground.members().containsKey(partition.planned().getFirst())) {
            dealt.add(partition);
          } else {
            settled.add(partition.planned().getFirst());
          }
        });
    var chains = new LeaderChains(ground.members().keySet(), settled, dealing);
    dealt.forEach(partition -> chains.add(partition.planned().getFirst(), partition.planned()));
    while (chains.improve()) {
      // Each narrows the gap of two nodes, so that it ends.
    }
    for (int number = 0; number < dealt.size(); number++) {
      dealt.get(number).lead(chains.leader(number));
    }
  }

  // ---- what is said of it

  private String reason(Step step) {
    return switch (step) {
      case Mends(_, var from, var to) ->
          ground.rackOf(from.node())
              + " has two replicas, and "
              + ground.rackOf(to.node())
              + " none";
      case Narrows(_, var from, var to, _) ->
          "node %s %s, node %s %s".formatted(from.node(), inWords(from), to.node(), inWords(to));
    };
  }

  private String inWords(Holder holder) {
    return request.aim() == RebalanceAim.DISK
        ? "uses " + Amounts.percent(holder.full()) + " of its disks"
        : "counts " + Amounts.bytes((long) holder.load());
  }

  private Draft draft() {
    var planned = new ArrayList<PlannedChange>();
    for (var partition : changed.values()) {
      var entry = ground.entry(partition.id);
      var to = partition.planned();
      long copies = to.stream().filter(node -> !partition.goal.contains(node)).count();
      planned.add(
          new PlannedChange(
              partition.id,
              entry.partitionEpoch(),
              partition.goal,
              to,
              entry.leader(),
              copies * measured.bytes().getOrDefault(partition.id, 0L),
              Optional.ofNullable(reasons.get(partition.id)).orElseThrow()));
    }
    return new Draft(planned, notes(), isFull || effort.isOver() || isRoomLater());
  }

  private boolean isRoomLater() {
    return isMendingLater || isNarrowingLater;
  }

  private List<String> notes() {
    var notes = new ArrayList<String>();
    if (effort.isOver()) {
      notes.add(RebalancePlanner.CUT_BY_EFFORT);
    } else if (isRoomLater()) {
      notes.add("disks have no room for more before this is done: carry it out, and plan again");
    }
    var silent = new TreeSet<>(ground.members().keySet());
    silent.removeAll(measured.disks().keySet());
    if (!silent.isEmpty()) {
      notes.add("did not say how full they are: nodes " + silent);
    }
    ground
        .note(holdings.notInSync(), "left out, as not all replicas are in sync")
        .ifPresent(notes::add);
    ground
        .note(holdings.unmeasured(), "left out, as nobody said how large they are")
        .ifPresent(notes::add);
    ground
        .note(
            crowded().stream().map(partition -> partition.id).toList(),
            "use fewer racks than they could, and no node has room for a replica")
        .ifPresent(notes::add);
    return Collections.unmodifiableList(notes);
  }
}
