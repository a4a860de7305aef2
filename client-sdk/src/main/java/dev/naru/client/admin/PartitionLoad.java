package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.util.List;

/**
 * What producers send to one partition.
 *
 * @param node the one that leads it, and says so
 * @param minute over the last minute, or since it leads
 * @param fiveMinutes over the last five minutes, or since it leads
 * @param hotKeys keys that many of the last records have, as producers told within a minute; the
 *     most frequent first
 */
public record PartitionLoad(
    TopicPartition partition,
    int node,
    TrafficRate minute,
    TrafficRate fiveMinutes,
    List<HotKey> hotKeys) {

  /** Keeps a copy. */
  public PartitionLoad {
    hotKeys = List.copyOf(hotKeys);
  }
}
