package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Partitions that may move and have their replicas on the same nodes: where one of them may go, all
 * may, so that a plan looks at groups of them, of which there are few, and then for a weight.
 */
final class Alike {

  /** In this order they are found. */
  private record Rank(long weight, int number) implements Comparable<Rank> {
    @Override
    public int compareTo(Rank other) {
      return Comparator.comparingLong(Rank::weight)
          .thenComparingInt(Rank::number)
          .compare(this, other);
    }
  }

  /** Where their replicas are, by id. */
  private final List<NodeId> nodes;

  private final int[] racks; // of each of them
  private final RackSpread spread;
  private final TreeMap<Rank, Movable> partitions = new TreeMap<>();

  /**
   * Without partitions.
   *
   * @param racks of each node
   */
  Alike(List<NodeId> nodes, int[] racks) {
    this.nodes = List.copyOf(nodes);
    this.racks = racks.clone();
    this.spread = RackSpread.of(racks);
  }

  /** Whether a replica may go there: a rack that fails must take no more than before. */
  boolean mayGo(NodeId from, NodeId to, int rackOfTo) {
    if (nodes.contains(to)) {
      return false;
    }
    int[] after = racks.clone();
    after[nodes.indexOf(from)] = rackOfTo;
    return RackSpread.of(after).isNoWorseThan(spread);
  }

  List<NodeId> nodes() {
    return nodes;
  }

  Collection<Movable> partitions() {
    return Collections.unmodifiableCollection(partitions.values());
  }

  void add(Movable partition) {
    partitions.put(new Rank(partition.weight, partition.number), partition);
  }

  void remove(Movable partition) {
    partitions.remove(new Rank(partition.weight, partition.number));
  }

  /** The weight of the heaviest; 0 without any. */
  long heaviest() {
    return partitions.isEmpty() ? 0 : partitions.lastKey().weight();
  }

  /**
   * The heaviest that is not above this weight, and the lightest that is; of equal ones the first.
   *
   * @param room none that is heavier
   */
  List<Movable> nearest(long weight, double room) {
    var found = new ArrayList<Movable>(2);
    var lighter = partitions.floorKey(new Rank(Math.min(weight, (long) room), Integer.MAX_VALUE));
    if (lighter != null) {
      var first = partitions.ceilingEntry(new Rank(lighter.weight(), 0));
      if (first != null) {
        found.add(first.getValue());
      }
    }
    var heavier = partitions.higherEntry(new Rank(weight, Integer.MAX_VALUE));
    if (heavier != null && heavier.getKey().weight() <= room) {
      found.add(heavier.getValue());
    }
    return found;
  }
}
