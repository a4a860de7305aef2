package dev.naru.metadata.balance;

import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What each node holds, and what of it may move; changed step by step as a plan is made. */
final class Holdings {

  /**
   * What a replica counts at least: files, a place in the stream of fetches, and work at each start
   * are the same however little it holds.
   */
  static final long REPLICA_BYTES_MIN = 1 << 20;

  private final Ground ground;
  private final Measured measured;
  private final TreeMap<NodeId, Holder> holders = new TreeMap<>();
  private final Map<List<NodeId>, Alike> groups = new LinkedHashMap<>();
  private final List<PartitionId> notInSync = new ArrayList<>();
  private final List<PartitionId> unmeasured = new ArrayList<>();
  private final double mean;
  private int movables;

  /**
   * As it is now.
   *
   * @param byDisk whether nodes are as full as their disks, of which nothing is known of some
   */
  Holdings(Ground ground, Measured measured, boolean byDisk) {
    this.ground = ground;
    this.measured = measured;
    for (var node : ground.members().keySet()) {
      var disk = Optional.ofNullable(measured.disks().get(node));
      if (!byDisk) {
        holders.put(node, new Holder(node, 1, 0, disk));
      } else if (disk.isPresent()) {
        var use = disk.get();
        holders.put(node, new Holder(node, (double) use.totalBytes(), use.usedBytes(), disk));
      }
    }
    ground.image().partitionIds().forEach(id -> weigh(id, byDisk));
    double load = holders.values().stream().mapToDouble(Holder::load).sum();
    double size = holders.values().stream().mapToDouble(Holder::size).sum();
    this.mean = holders.isEmpty() ? 0 : load / size;
  }

  private void weigh(PartitionId id, boolean byDisk) {
    var entry = ground.entry(id);
    var goal = ground.goal(id);
    long bytes = measured.bytes().getOrDefault(id, -1L);
    long weight = Math.max(REPLICA_BYTES_MIN, bytes);
    if (!byDisk) {
      goal.forEach(node -> holder(node).ifPresent(holder -> holder.weigh(weight)));
    }
    if (ground.isOnItsWay(id)) {
      foresee(entry, goal, weight, byDisk);
    }
    if (!ground.mayChange(id)) {
      return;
    }
    if (entry.isr().size() < entry.copies()) {
      notInSync.add(id);
    } else if (bytes < 0) {
      unmeasured.add(id);
    } else {
      group(goal).add(new Movable(id, movables++, weight, goal));
    }
  }

  /**
   * What is on its way, of which disks do not tell yet. How much has arrived nobody knows: it
   * counts as a whole.
   */
  private void foresee(PartitionImage entry, List<NodeId> goal, long weight, boolean byDisk) {
    goal.stream()
        .filter(node -> !entry.isr().contains(node))
        .forEach(node -> holder(node).ifPresent(holder -> holder.awaits(weight, byDisk)));
    entry.replicaNodes().stream()
        .filter(node -> !goal.contains(node))
        .forEach(node -> holder(node).ifPresent(holder -> holder.parts(weight, byDisk)));
  }

  private Alike group(List<NodeId> replicas) {
    var nodes = replicas.stream().sorted().toList();
    var known = groups.get(nodes);
    if (known != null) {
      return known;
    }
    var group = new Alike(nodes, ground.racks(nodes));
    nodes.forEach(node -> holder(node).ifPresent(holder -> holder.isIn(group)));
    groups.put(nodes, group);
    return group;
  }

  private Optional<Holder> holder(NodeId node) {
    return Optional.ofNullable(holders.get(node));
  }

  /** Lets a replica go from here to there. */
  void move(Movable partition, Holder from, Holder to) {
    group(partition.planned()).remove(partition);
    partition.plan(partition.with(from.node(), to.node()));
    group(partition.planned()).add(partition);
    from.give(partition.weight);
    to.take(partition.weight);
  }

  /** How full nodes are, all together. */
  double mean() {
    return mean;
  }

  Collection<Alike> groups() {
    return Collections.unmodifiableCollection(groups.values());
  }

  /** The emptiest first. */
  List<Holder> byFullness() {
    return holders.values().stream()
        .sorted(Comparator.comparingDouble(Holder::full).thenComparing(Holder::node))
        .toList();
  }

  /** That may not move for this, in order. */
  List<PartitionId> notInSync() {
    return Collections.unmodifiableList(notInSync);
  }

  /** That may not move for this, in order. */
  List<PartitionId> unmeasured() {
    return Collections.unmodifiableList(unmeasured);
  }
}
