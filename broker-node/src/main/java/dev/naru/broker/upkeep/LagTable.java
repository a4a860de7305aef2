package dev.naru.broker.upkeep;

import dev.naru.broker.coordinator.GroupLag;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.upkeep.LagTrend.Growth;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How far groups are behind, from what leaders say of their positions, look after look. Where a
 * leader says nothing, as while another takes over, what it said within the last minute stands, so
 * that a sum does not fall for what is only not known. Owned by whoever looks.
 */
final class LagTable {

  private static final Duration STANDS_FOR = Duration.ofMinutes(1);

  private TreeMap<String, Known> groups = new TreeMap<>();

  /** Of one group: partitions as they were last measured, and when. */
  private record Known(Map<PartitionId, Measured> partitions, LagTrend trend) {}

  private record Measured(GroupLag lag, long nanos) {}

  /**
   * A group in one topic.
   *
   * @param records of all partitions that it has an offset of
   * @param seconds of the one that is most behind; absent while it is not known of one
   */
  record TopicLag(String group, String topic, long records, OptionalDouble seconds) {}

  /**
   * What a look has found.
   *
   * @param topics by group and topic; those of which something is not known are missing
   * @param growth by group
   */
  record Looked(List<TopicLag> topics, Map<String, Growth> growth) {}

  /** What is known of these offsets, by these answers. */
  static Map<PartitionId, GroupLag> measured(
      Map<PartitionId, Committed> offsets,
      Map<LagPosition, LagAnswer> answers,
      ClusterImage image,
      long nowMillis) {
    var lags = new TreeMap<PartitionId, GroupLag>();
    offsets.forEach((partition, committed) -> {
      var created = image.topic(partition.topic()).map(TopicImage::createdMillis);
      var answer = answers.get(LagPosition.of(partition, committed));
      if (created.isPresent() && answer instanceof LagAnswer.Found found) {
        lags.put(partition, lag(committed.offset(), found, created.get(), nowMillis));
      }
    });
    return lags;
  }

  private static GroupLag lag(
      long offset, LagAnswer.Found found, long createdMillis, long nowMillis) {
    return new GroupLag(
        OptionalLong.of(found.highWatermark()),
        OptionalLong.of(found.records(offset)),
        found.seconds(offset, nowMillis, createdMillis),
        found.isPassedByRetention(offset));
  }

  /** These are all groups there are now. */
  Looked look(
      long nowNanos,
      long nowMillis,
      Collection<GroupImage> all,
      Map<LagPosition, LagAnswer> answers,
      ClusterImage image) {
    var before = groups;
    groups = new TreeMap<>();
    var topics = new ArrayList<TopicLag>();
    var growth = new TreeMap<String, Growth>();
    for (var group : all) {
      var known =
          Optional.ofNullable(before.get(group.group()))
              .orElseGet(() -> new Known(new TreeMap<>(), new LagTrend()));
      var now = merge(known, group, measured(group.offsets(), answers, image, nowMillis), nowNanos);
      groups.put(group.group(), new Known(now, known.trend));
      var offsets = withTopics(group, image);
      if (now.keySet().containsAll(offsets)) {
        growth.put(group.group(), known.trend.add(nowNanos, records(now.values())));
      }
      topics.addAll(byTopic(group.group(), offsets, now, image));
    }
    return new Looked(List.copyOf(topics), Collections.unmodifiableMap(growth));
  }

  private static Map<PartitionId, Measured> merge(
      Known known, GroupImage group, Map<PartitionId, GroupLag> lags, long nowNanos) {
    var now = new TreeMap<PartitionId, Measured>();
    for (var partition : group.offsets().keySet()) {
      var lag = lags.get(partition);
      var earlier = known.partitions.get(partition);
      if (lag != null) {
        now.put(partition, new Measured(lag, nowNanos));
      } else if (earlier != null && nowNanos - earlier.nanos <= STANDS_FOR.toNanos()) {
        now.put(partition, earlier);
      }
    }
    return now;
  }

  /** Offsets of a topic that was deleted are forgotten some time, and lag behind nothing. */
  private static List<PartitionId> withTopics(GroupImage group, ClusterImage image) {
    return group.offsets().keySet().stream()
        .filter(partition -> image.partition(partition).isPresent())
        .toList();
  }

  private static long records(Collection<Measured> measured) {
    return measured.stream().mapToLong(one -> one.lag.records().orElse(0)).sum();
  }

  private static List<TopicLag> byTopic(
      String group,
      List<PartitionId> offsets,
      Map<PartitionId, Measured> known,
      ClusterImage image) {
    var topics = new ArrayList<TopicLag>();
    int from = 0;
    while (from < offsets.size()) {
      var topic = offsets.get(from).topic();
      int to = from;
      while (to < offsets.size() && offsets.get(to).topic().equals(topic)) {
        to++;
      }
      var measured =
          offsets.subList(from, to).stream()
              .flatMap(partition -> Optional.ofNullable(known.get(partition)).stream())
              .toList();
      if (measured.size() == to - from) {
        var name = image.topic(topic).map(TopicImage::name).orElseThrow();
        topics.add(new TopicLag(group, name, records(measured), seconds(measured)));
      }
      from = to;
    }
    return topics;
  }

  private static OptionalDouble seconds(List<Measured> measured) {
    return measured.stream().anyMatch(one -> one.lag.seconds().isEmpty())
        ? OptionalDouble.empty()
        : measured.stream().mapToDouble(one -> one.lag.seconds().getAsDouble()).max();
  }
}
