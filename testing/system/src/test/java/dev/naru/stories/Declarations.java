package dev.naru.stories;

import dev.naru.chaos.host.NodeHost;
import dev.naru.client.TopicPartition;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What nodes have logged as {@code DATA_LOSS_DECLARED} of one partition: for each loss, told apart
 * by the leader epoch that began with it, the last word counts.
 */
record Declarations(SortedMap<Integer, Range> byEpoch) {

  private static final Pattern LOST =
      Pattern.compile(
          "Records of (\\S+) are lost: offsets \\[(\\d+), (\\d+)\\), (and no more|at least);"
              + ".*when leader epoch (\\d+) began");

  private static final Pattern NOTHING_LOST =
      Pattern.compile("Nothing of (\\S+) was lost after all when leader epoch (\\d+) began");

  /** Offsets that are given up, the last one exclusive. */
  record Range(long from, long to, boolean isExact) {

    @Override
    public String toString() {
      return (isExact ? "" : "at least ") + "[" + from + "," + to + ")";
    }
  }

  /** What stands in this node's log. */
  static Declarations of(NodeHost host, TopicPartition partition) {
    var byEpoch = new TreeMap<Integer, Range>();
    host.logText()
        .lines()
        .filter(line -> line.contains("DATA_LOSS_DECLARED"))
        .forEach(line -> read(line, partition.toString(), byEpoch));
    return new Declarations(byEpoch);
  }

  private static void read(String line, String partition, SortedMap<Integer, Range> byEpoch) {
    var lost = LOST.matcher(line);
    var nothing = NOTHING_LOST.matcher(line);
    if (lost.find() && lost.group(1).equals(partition)) {
      byEpoch.put(
          Integer.parseInt(lost.group(5)),
          new Range(
              Long.parseLong(lost.group(2)),
              Long.parseLong(lost.group(3)),
              lost.group(4).equals("and no more")));
    } else if (nothing.find() && nothing.group(1).equals(partition)) {
      byEpoch.remove(Integer.parseInt(nothing.group(2)));
    }
  }

  /** Every offset that is declared lost. */
  SortedSet<Long> offsets() {
    return byEpoch.values().stream()
        .flatMapToLong(range -> LongStream.range(range.from(), range.to()))
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public String toString() {
    return byEpoch.isEmpty()
        ? "none"
        : byEpoch.values().stream().map(Range::toString).collect(Collectors.joining("+"));
  }
}
