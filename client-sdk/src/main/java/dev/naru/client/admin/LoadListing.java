package dev.naru.client.admin;

import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What producers send, as the nodes that answered tell of the partitions that they lead.
 *
 * @param loads by partition, each once: of two nodes that both led it within a minute, the one that
 *     got more
 * @param unheard the nodes that could not be asked to the end, and why: what they lead is missing,
 *     and shares and skew of its topics are not right
 */
public record LoadListing(List<PartitionLoad> loads, SortedMap<Integer, NaruException> unheard) {

  /** Keeps copies. */
  public LoadListing {
    loads = List.copyOf(loads);
    unheard = Collections.unmodifiableSortedMap(new TreeMap<>(unheard));
  }

  static LoadListing of(List<PartitionLoad> told, SortedMap<Integer, NaruException> unheard) {
    var each = new TreeMap<TopicPartition, PartitionLoad>();
    for (var load : told) {
      each.merge(
          load.partition(),
          load,
          (one, other) ->
              other.minute().bytesPerSecond() > one.minute().bytesPerSecond() ? other : one);
    }
    return new LoadListing(List.copyOf(each.values()), unheard);
  }

  /** By topic, the one with most bytes first. */
  public List<TopicLoad> topics() {
    var byTopic = new TreeMap<String, List<PartitionLoad>>();
    for (var load : loads) {
      byTopic.computeIfAbsent(load.partition().topic(), topic -> new ArrayList<>()).add(load);
    }
    var topics = new ArrayList<TopicLoad>();
    byTopic.forEach((topic, partitions) -> topics.add(TopicLoad.of(topic, partitions)));
    topics.sort(
        Comparator.comparingDouble((TopicLoad topic) -> topic.minute().bytesPerSecond())
            .reversed()
            .thenComparing(TopicLoad::topic));
    return List.copyOf(topics);
  }
}
