package dev.naru.broker.group;

import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;

/**
 * A topic, as the cluster's image shows it to the coordinator.
 *
 * @param createdMillis when it was made
 * @param leaderRacks by partition, where its leader runs; may end early
 */
public record TopicSeen(
    TopicId id, int partitions, long createdMillis, List<Optional<String>> leaderRacks) {

  /** Keeps its own copy of the racks. */
  public TopicSeen {
    leaderRacks = List.copyOf(leaderRacks);
  }

  /** A topic in a cluster without racks. */
  public static TopicSeen of(TopicId id, int partitions, long createdMillis) {
    return new TopicSeen(id, partitions, createdMillis, List.of());
  }

  /** Where the leader of this partition runs. */
  public Optional<String> rackOf(int partition) {
    return partition < leaderRacks.size() ? leaderRacks.get(partition) : Optional.empty();
  }

  /** The same topic, as if it had only the first so many partitions. */
  TopicSeen withPartitions(int first) {
    return new TopicSeen(id, first, createdMillis, leaderRacks);
  }
}
