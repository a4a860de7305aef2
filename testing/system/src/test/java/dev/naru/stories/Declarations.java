package dev.naru.stories;

import dev.naru.chaos.host.NodeHost;
import dev.naru.client.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What nodes have logged as {@code DATA_LOSS_DECLARED} of one partition: for each loss, told apart
 * by the leader epoch that began with it, the last word counts.
 */
record Declarations(SortedMap<Integer, Loss> byEpoch) {

  private static final Pattern LOST =
      Pattern.compile(
          "Records of (\\S+) are lost: offsets (?:\\[(\\d+), (\\d+)\\) and )?\\[(\\d+), (\\d+)\\), "
              + "(and no more|at least);.*when leader epoch (\\d+) began");

  private static final Pattern NOTHING_LOST =
      Pattern.compile("Nothing of (\\S+) was lost after all when leader epoch (\\d+) began");

  /** Offsets that are given up, the last one exclusive. */
  record Range(long from, long to) {

    @Override
    public String toString() {
      return "[" + from + "," + to + ")";
    }
  }

  /** Of one loss; more than one range if an earlier loss is no longer told apart from it. */
  record Loss(List<Range> ranges, boolean isExact) {

    @Override
    public String toString() {
      return (isExact ? "" : "at least ")
          + ranges.stream().map(Range::toString).collect(Collectors.joining(" and "));
    }
  }

  /** What stands in this node's log. */
  static Declarations of(NodeHost host, TopicPartition partition) {
    return of(host.logText(), partition.toString());
  }

  /** What stands in a log of a partition of this name. */
  static Declarations of(String log, String partition) {
    var byEpoch = new TreeMap<Integer, Loss>();
    log.lines()
        .filter(line -> line.contains("DATA_LOSS_DECLARED"))
        .forEach(line -> read(line, partition, byEpoch));
    return new Declarations(byEpoch);
  }

  private static void read(String line, String partition, SortedMap<Integer, Loss> byEpoch) {
    var lost = LOST.matcher(line);
    var nothing = NOTHING_LOST.matcher(line);
    if (lost.find()) {
      if (lost.group(1).equals(partition)) {
        byEpoch.put(Integer.parseInt(lost.group(7)), loss(lost));
      }
    } else if (nothing.find()) {
      if (nothing.group(1).equals(partition)) {
        byEpoch.remove(Integer.parseInt(nothing.group(2)));
      }
    } else {
      throw new IllegalStateException("Expected a declared loss, but was: " + line);
    }
  }

  private static Loss loss(Matcher lost) {
    var ranges = new ArrayList<Range>();
    for (int group : new int[] {2, 4}) {
      if (lost.group(group) != null) {
        ranges.add(
            new Range(Long.parseLong(lost.group(group)), Long.parseLong(lost.group(group + 1))));
      }
    }
    return new Loss(ranges, lost.group(6).equals("and no more"));
  }

  /** Every offset that is declared lost. */
  SortedSet<Long> offsets() {
    return byEpoch.values().stream()
        .flatMap(loss -> loss.ranges().stream())
        .flatMapToLong(range -> LongStream.range(range.from(), range.to()))
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public String toString() {
    return byEpoch.isEmpty()
        ? "none"
        : byEpoch.values().stream().map(Loss::toString).collect(Collectors.joining("+"));
  }
}
