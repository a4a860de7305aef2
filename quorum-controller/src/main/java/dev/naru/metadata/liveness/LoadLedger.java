package dev.naru.metadata.liveness;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What nodes last said of the topics that they lead partitions of, as one active controller knows
 * it. Nobody knows all partitions of a topic but the controller, so only here one can be compared
 * with the mean of all.
 *
 * <p>It begins empty with every new controller and nobody writes it down. A topic is left out while
 * too little comes in for a ratio to mean something, and a node once it has been silent for a
 * while: then others lead what it led, and would be counted beside it. A node reports its busiest
 * topics only, so that what it sends for a topic far down its list counts as nothing.
 */
public final class LoadLedger {

  private static final long SILENT_NANOS_MAX = Duration.ofSeconds(30).toNanos();

  /** Below it a few records more in one partition than in another would look like skew. */
  private static final long BYTES_PER_SECOND_MIN = 1_024;

  private static final int PARTITIONS_MIN = 2;

  /** Topics that are told of; each is a series of a metric. */
  private static final int TOPICS_MAX = 500;

  private final TreeMap<NodeId, Report> reports = new TreeMap<>();

  private record Report(List<TopicLoad> loads, long heardNanos) {}

  /** A node has said this; an empty list says nothing. */
  public void heard(NodeId node, List<TopicLoad> loads, long nowNanos) {
    if (!loads.isEmpty()) {
      var kept = loads.subList(0, Math.min(loads.size(), TopicLoad.TOPICS_MAX));
      reports.put(node, new Report(List.copyOf(kept), nowNanos));
    }
  }

  /** This controller stood still for so long: nodes were not silent in that time. */
  public void paused(long nanos) {
    reports.replaceAll((node, report) -> new Report(report.loads, report.heardNanos + nanos));
  }

  /** How unevenly topics are written, those with most traffic; in the order of their names. */
  public List<TopicSkew> skews(ClusterImage image, long nowNanos) {
    reports.values().removeIf(report -> nowNanos - report.heardNanos > SILENT_NANOS_MAX);
    var sums = new TreeMap<TopicId, Sum>();
    for (var report : reports.values()) {
      for (var load : report.loads) {
        sums.computeIfAbsent(load.topic(), topic -> new Sum()).add(load);
      }
    }
    var busiest = new ArrayList<Weighed>();
    sums.forEach((id, sum) ->
        image
            .topic(id)
            .filter(topic -> topic.partitions().size() >= PARTITIONS_MIN)
            .filter(topic -> sum.bytesPerSecond >= BYTES_PER_SECOND_MIN)
            .ifPresent(topic -> busiest.add(new Weighed(sum.bytesPerSecond, sum.skewOf(topic)))));
    return busiest.stream()
        .sorted(Comparator.comparingLong(Weighed::bytesPerSecond).reversed())
        .limit(TOPICS_MAX)
        .map(Weighed::skew)
        .sorted(Comparator.comparing(TopicSkew::topic))
        .toList();
  }

  private record Weighed(long bytesPerSecond, TopicSkew skew) {}

  /** Of one topic, over all nodes. */
  private static final class Sum {

    private long bytesPerSecond;
    private long most;
    private int busiest;

    void add(TopicLoad load) {
      bytesPerSecond += load.bytesPerSecond();
      if (load.busiestBytesPerSecond() > most) {
        most = load.busiestBytesPerSecond();
        busiest = load.busiestPartition();
      }
    }

    TopicSkew skewOf(TopicImage topic) {
      double mean = (double) bytesPerSecond / topic.partitions().size();
      return new TopicSkew(topic.name(), most / mean, busiest);
    }
  }
}
