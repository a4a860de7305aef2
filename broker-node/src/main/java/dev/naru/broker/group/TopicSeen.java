package dev.naru.broker.group;

import dev.naru.types.TopicId;
import java.util.Optional;

/**
 * A topic, as the cluster's image shows it to the coordinator.
 *
 * @param createdMillis when it was made
 * @param leaderRacks of its partitions
 */
public record TopicSeen(TopicId id, int partitions, long createdMillis, LeaderRacks leaderRacks) {

  /**
   * Where the leaders of a topic's partitions run. The same answers every time; worked out when
   * asked, since most commands concern topics of many partitions and never ask.
   */
  @FunctionalInterface
  public interface LeaderRacks {

    /** Of a cluster without racks. */
    LeaderRacks NONE = partition -> Optional.empty();

    /** That of the leader of this partition, if both are known. */
    Optional<String> of(int partition);
  }

  /** A topic in a cluster without racks. */
  public static TopicSeen of(TopicId id, int partitions, long createdMillis) {
    return new TopicSeen(id, partitions, createdMillis, LeaderRacks.NONE);
  }

  /** Where the leader of this partition runs. */
  public Optional<String> rackOf(int partition) {
    return leaderRacks.of(partition);
  }

  /** The same topic, as if it had only the first so many partitions. */
  TopicSeen withPartitions(int first) {
    return new TopicSeen(id, first, createdMillis, leaderRacks);
  }
}
