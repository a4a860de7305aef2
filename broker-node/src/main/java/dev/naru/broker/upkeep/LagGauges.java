package dev.naru.broker.upkeep;

import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.upkeep.LagTable.TopicLag;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The series of how far groups are behind: told by the node that coordinates a group, and by no
 * other, else a sum over nodes would count it twice. Owned by the thread of chores.
 */
final class LagGauges {

  /** With series of their own; who has them keeps them, others are counted together. */
  static final int GROUPS_MAX = 500;

  /** Of one group. */
  static final int TOPICS_MAX = 20;

  static final String OTHER = "_other";

  private final LabelledGauges records;
  private final LabelledGauges seconds;
  private final TreeSet<String> labelled = new TreeSet<>();
  private TreeMap<PartitionId, List<TopicLag>> shown = new TreeMap<>();

  LagGauges(NodeMeters meters) {
    records = meters.gauges(BrokerMetric.GROUP_LAG_RECORDS);
    seconds = meters.gauges(BrokerMetric.GROUP_LAG_SECONDS);
  }

  private record Series(String group, String topic) implements Comparable<Series> {

    @Override
    public int compareTo(Series other) {
      int byGroup = group.compareTo(other.group);
      return byGroup != 0 ? byGroup : topic.compareTo(other.topic);
    }

    Tags tags() {
      return Tags.of("group", group, "topic", topic);
    }
  }

  /** These and nothing else, by the partition of {@code __consumer_offsets} that groups are in. */
  void show(Map<PartitionId, List<TopicLag>> all) {
    shown = new TreeMap<>(all);
    show();
  }

  /** The groups of this partition are coordinated elsewhere. */
  void forget(PartitionId shard) {
    if (shown.remove(shard) != null) {
      show();
    }
  }

  private void show() {
    var lags = shown.values().stream().flatMap(List::stream).toList();
    label(lags);
    var topics = new TreeMap<String, Integer>();
    var sums = new TreeMap<Series, TopicLag>();
    for (var lag : lags) {
      var series = series(lag, topics);
      sums.merge(series, lag, LagGauges::sum);
    }
    var recordsNow = new HashMap<Tags, Long>();
    var secondsNow = new HashMap<Tags, Double>();
    sums.forEach((series, lag) -> {
      recordsNow.put(series.tags(), lag.records());
      lag.seconds().ifPresent(age -> secondsNow.put(series.tags(), age));
    });
    records.show(recordsNow);
    seconds.show(secondsNow);
  }

  private void label(List<TopicLag> lags) {
    var groups = new TreeSet<String>();
    lags.forEach(lag -> groups.add(lag.group()));
    labelled.retainAll(groups);
    for (var group : groups) {
      if (labelled.size() < GROUPS_MAX) {
        labelled.add(group);
      }
    }
  }

  private Series series(TopicLag lag, Map<String, Integer> topics) {
    if (!labelled.contains(lag.group())) {
      return new Series(OTHER, OTHER);
    }
    int count = topics.merge(lag.group(), 1, Integer::sum);
    return new Series(lag.group(), count <= TOPICS_MAX ? lag.topic() : OTHER);
  }

  private static TopicLag sum(TopicLag one, TopicLag other) {
    var seconds =
        one.seconds().isPresent() && other.seconds().isPresent()
            ? OptionalDouble.of(
                Math.max(one.seconds().getAsDouble(), other.seconds().getAsDouble()))
            : OptionalDouble.empty();
    return new TopicLag(one.group(), one.topic(), one.records() + other.records(), seconds);
  }
}
