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
 */
final class DataPlan {

  /**
   * What a replica counts at least: files, a place in the stream of fetches, and work at each start
   * are the same however little it holds.
   */
  static final long REPLICA_BYTES_MIN = 1 << 20;

  /** A node is not filled beyond by a plan: at 0.9 of a disk the first alarm comes. */
  static final double DISK_USED_MAX = 0.85;

  /** A partition takes one step, seldom two; whatever happens, it ends. */
  private static final int STEPS_PER_PARTITION_MAX = 10;

  /** Nodes that differ by less of the mean are even: to copy data for it is not worth it. */
  static final double TOLERANCE = 0.1;

  private final Ground ground;
  private final RebalanceRequest request;
  private final Measured measured;
  private final TreeMap<NodeId, Holder> holders = new TreeMap<>();
  private final TreeMap<PartitionId, List<NodeId>> placed = new TreeMap<>();
  private final TreeMap<PartitionId, String> reasons = new TreeMap<>();
  private final TreeSet<PartitionId> changed = new TreeSet<>();
  private final List<PartitionId> notInSync = new ArrayList<>();
  private final List<PartitionId> unmeasured = new ArrayList<>();
  private final double mean;
  private int stepsLeft;
  private boolean isCutShort;

  /** A node, and how full it is. */
  private static final class Holder {
    final NodeId node;
    final double size;
    final TreeSet<PartitionId> movable = new TreeSet<>();
    double load;
    double room = Double.POSITIVE_INFINITY; // what its disks may still take; not known: enough

    Holder(NodeId node, double size, Optional<DiskUse> disk) {
      this.node = node;
      this.size = size;
      disk.ifPresent(use -> room = DISK_USED_MAX * use.totalBytes() - use.usedBytes());
    }

    double full() {
      return load / size;
    }

    double fullWith(long more) {
      return (load + more) / size;
    }

    void give(Step step) {
      load -= step.weight;
      room += step.weight;
      movable.remove(step.id);
    }

    void take(Step step) {
      load += step.weight;
      room -= step.weight;
      movable.add(step.id);
    }
  }

  /** One replica that goes from here to there. */
  private record Step(PartitionId id, Holder from, Holder to, double gain, long weight) {}

  private DataPlan(Ground ground, Measured measured, RebalanceRequest request) {
    this.ground = ground;
    this.request = request;
    this.measured = measured;
    this.stepsLeft = STEPS_PER_PARTITION_MAX * request.partitionsMax();
    boolean byDisk = request.aim() == RebalanceAim.DISK;
    for (var node : ground.members().keySet()) {
      var disk = Optional.ofNullable(measured.disks().get(node));
      if (!byDisk) {
        holders.put(node, new Holder(node, 1, disk));
      } else if (disk.isPresent()) {
        var holder = new Holder(node, (double) disk.get().totalBytes(), disk);
        holder.load = disk.get().usedBytes();
        holders.put(node, holder);
      }
    }
    ground.image().partitionIds().forEach(id -> take(id, byDisk));
    double load = holders.values().stream().mapToDouble(holder -> holder.load).sum();
    double size = holders.values().stream().mapToDouble(holder -> holder.size).sum();
    this.mean = holders.isEmpty() ? 0 : load / size;
  }

  static Draft make(Ground ground, Measured measured, RebalanceRequest request) {
    return new DataPlan(ground, measured, request).make();
  }

  private void take(PartitionId id, boolean byDisk) {
    var entry = ground.entry(id);
    boolean isMovable = ground.mayChange(id);
    if (isMovable && entry.isr().size() < entry.copies()) {
      notInSync.add(id);
      isMovable = false;
    } else if (isMovable && !measured.bytes().containsKey(id)) {
      unmeasured.add(id);
      isMovable = false;
    }
    if (isMovable) {
      placed.put(id, entry.goal());
    }
    for (var node : ground.goal(id)) {
      var holder = holders.get(node);
      if (holder != null) {
        holder.load += byDisk ? 0 : weight(id);
        if (isMovable) {
          holder.movable.add(id);
        }
      }
    }
  }

  private long weight(PartitionId id) {
    return Math.max(REPLICA_BYTES_MIN, measured.bytes().getOrDefault(id, 0L));
  }

  private List<NodeId> replicas(PartitionId id) {
    return Optional.ofNullable(placed.get(id)).orElseThrow();
  }

  // ---- steps

  private Draft make() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (var id : placed.keySet()) {
        goesOn |= mend(id).map(this::take).orElse(false);
      }
      for (var step = narrowing(); step.isPresent() && take(step.get()); step = narrowing()) {
        goesOn = true;
      }
    }
    dealLeaders();
    return draft();
  }

  /** Whether it was taken: not if too many partitions change already. */
  private boolean take(Step step) {
    boolean isNew = !changed.contains(step.id);
    if ((isNew && changed.size() >= request.partitionsMax()) || stepsLeft == 0) {
      isCutShort = true;
      return false;
    }
    stepsLeft--;
    reasons.putIfAbsent(step.id, reason(step));
    var goal = ground.entry(step.id).goal();
    var after = with(replicas(step.id), step.from.node, step.to.node);
    boolean isBack = goal.containsAll(after);
    placed.put(step.id, isBack ? goal : after);
    if (isBack) {
      changed.remove(step.id);
    } else {
      changed.add(step.id);
    }
    step.from.give(step);
    step.to.take(step);
    return true;
  }

  private static List<NodeId> with(List<NodeId> replicas, NodeId from, NodeId to) {
    return replicas.stream().map(node -> node.equals(from) ? to : node).toList();
  }

  private List<Holder> byFullness() {
    var sorted = new ArrayList<>(holders.values());
    sorted.sort(Comparator.comparingDouble(Holder::full).thenComparing(holder -> holder.node));
    return sorted;
  }

  /** The step from the fullest node that has one; empty where all is even enough. */
  private Optional<Step> narrowing() {
    var targets = byFullness();
    for (var from : targets.reversed()) {
      Optional<Step> best = Optional.empty();
      for (var to : targets) {
        if (from.full() - to.full() <= TOLERANCE * mean) {
          break; // and those behind it are fuller
        }
        for (var id : from.movable) {
          var step = narrowing(id, from, to);
          if (step.isPresent()
              && best.filter(other -> ORDER.compare(other, step.get()) <= 0).isEmpty()) {
            best = step;
          }
        }
      }
      if (best.isPresent()) {
        return best;
      }
    }
    return Optional.empty();
  }

  /** What narrows most; between equals the smaller one, and then always the same. */
  private static final Comparator<Step> ORDER =
      Comparator.comparingDouble(Step::gain)
          .reversed()
          .thenComparingLong(Step::weight)
          .thenComparing(Step::id)
          .thenComparing(step -> step.to().node);

  private Optional<Step> narrowing(PartitionId id, Holder from, Holder to) {
    long weight = weight(id);
    double nowTo = to.fullWith(weight);
    double nowFrom = from.fullWith(-weight);
    if (nowTo >= from.full() || nowFrom <= to.full() || !mayGo(id, from, to)) {
      return Optional.empty();
    }
    double gain = weight * ((from.full() - nowTo) + (nowFrom - to.full()));
    return Optional.of(new Step(id, from, to, gain, weight));
  }

  private boolean mayGo(PartitionId id, Holder from, Holder to) {
    var replicas = replicas(id);
    return !replicas.contains(to.node)
        && weight(id) <= to.room
        && ground.racksOf(with(replicas, from.node, to.node)) >= ground.racksOf(replicas);
  }

  /** One replica from a rack that holds two to one that holds none, if there are both. */
  private Optional<Step> mend(PartitionId id) {
    var replicas = replicas(id);
    int racks = ground.racksOf(replicas);
    if (racks >= ground.racksFor(replicas)) {
      return Optional.empty();
    }
    var sorted = byFullness();
    long weight = weight(id);
    for (var from : sorted.reversed()) {
      for (var to : sorted) {
        if (replicas.contains(from.node)
            && !replicas.contains(to.node)
            && weight <= to.room
            && ground.racksOf(with(replicas, from.node, to.node)) > racks) {
          return Optional.of(new Step(id, from, to, 0, weight));
        }
      }
    }
    return Optional.empty();
  }

  private String reason(Step step) {
    if (step.gain == 0) {
      return ground.rackOf(step.from.node)
          + " has two replicas, and "
          + ground.rackOf(step.to.node)
          + " none";
    }
    return "node %s %s, node %s %s"
        .formatted(step.from.node, inWords(step.from), step.to.node, inWords(step.to));
  }

  private String inWords(Holder holder) {
    return request.aim() == RebalanceAim.DISK
        ? "uses " + Amounts.percent(holder.full()) + " of its disks"
        : "counts " + Amounts.bytes((long) holder.load);
  }

  // ---- who leads what moves

  private void dealLeaders() {
    var settled = new ArrayList<List<NodeId>>();
    var dealt = new ArrayList<PartitionId>();
    var orders = new ArrayList<List<NodeId>>();
    ground
        .image()
        .partitionIds()
        .forEach(id -> {
          var order = changed.contains(id) ? replicas(id) : ground.goal(id);
          if (changed.contains(id) && ground.members().containsKey(order.getFirst())) {
            dealt.add(id);
            orders.add(new ArrayList<>(order));
          } else {
            settled.add(order);
          }
        });
    LeaderBalance.evenOut(settled, orders, List.copyOf(ground.members().keySet()));
    for (int i = 0; i < dealt.size(); i++) {
      placed.put(dealt.get(i), List.copyOf(orders.get(i)));
    }
  }

  // ---- what is said of it

  private Draft draft() {
    var planned = new ArrayList<PlannedChange>();
    for (var id : changed) {
      var entry = ground.entry(id);
      var to = replicas(id);
      long copies = to.stream().filter(node -> !entry.goal().contains(node)).count();
      planned.add(
          new PlannedChange(
              id,
              entry.partitionEpoch(),
              entry.goal(),
              to,
              entry.leader(),
              copies * measured.bytes().getOrDefault(id, 0L),
              Optional.ofNullable(reasons.get(id)).orElseThrow()));
    }
    var notes = new ArrayList<String>();
    var silent = new TreeSet<>(ground.members().keySet());
    silent.removeAll(measured.disks().keySet());
    if (!silent.isEmpty()) {
      notes.add("did not say how full they are: nodes " + silent);
    }
    ground.note(notInSync, "left out, as not all replicas are in sync").ifPresent(notes::add);
    ground.note(unmeasured, "left out, as nobody said how large they are").ifPresent(notes::add);
    ground
        .note(crowded(), "use fewer racks than they could, and no node has room for a replica")
        .ifPresent(notes::add);
    return new Draft(planned, Collections.unmodifiableList(notes), isCutShort);
  }

  private List<PartitionId> crowded() {
    return placed.keySet().stream()
        .filter(id -> ground.racksOf(replicas(id)) < ground.racksFor(replicas(id)))
        .toList();
  }
}
