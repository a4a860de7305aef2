package dev.naru.simulation;

import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What happened: all of it in one number, the newest of it in words. */
final class Trace {

  /** Enough to see how it came about. */
  private static final int REMEMBERED_MAX = 50;

  private final World world;
  private final Map<PartitionId, Deque<Entry>> byPartition = new TreeMap<>();
  private final Deque<Entry> ofTheCluster = new ArrayDeque<>();
  private long hash = 17;

  /**
   * @param what kept as it is and printed only when needed
   */
  private record Entry(long elapsedNanos, int node, String kind, Object what) {

    @Override
    public String toString() {
      return "%12.6f  node %d  %-10s %s".formatted(elapsedNanos / 1e9, node, kind, what);
    }
  }

  Trace(World world) {
    this.world = world;
  }

  /** An event of this number runs now. */
  void ran(long sequence) {
    fold(world.nowNanos());
    fold(sequence);
  }

  /**
   * Something about a partition on a node.
   *
   * @param what in words
   * @param number what sets it apart from others of its kind
   */
  void note(PartitionId partition, int node, String kind, Object what, long number) {
    fold(kind.hashCode());
    fold(partition.partition());
    fold(node);
    fold(number);
    remember(byPartition.computeIfAbsent(partition, _ -> new ArrayDeque<>()), node, kind, what);
  }

  /** Something about a node, or the whole cluster. */
  void note(int node, String kind, Object what) {
    fold(kind.hashCode());
    fold(node);
    remember(ofTheCluster, node, kind, what);
  }

  private void remember(Deque<Entry> entries, int node, String kind, Object what) {
    if (entries.size() == REMEMBERED_MAX) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(world.elapsedNanos(), node, kind, what));
  }

  private void fold(long value) {
    hash = (hash ^ value) * 0x100000001B3L;
    hash ^= hash >>> 29;
  }

  /** The same for the same events; for others, by all odds, another. */
  long hash() {
    return hash;
  }

  String newestOf(PartitionId partition) {
    return lines(byPartition.getOrDefault(partition, new ArrayDeque<>()));
  }

  String newestOfTheCluster() {
    return lines(ofTheCluster);
  }

  private static String lines(Deque<Entry> entries) {
    return entries.stream().map(Entry::toString).collect(Collectors.joining("\n"));
  }
}
