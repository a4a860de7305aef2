package dev.naru.client.core;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A topic, as far as this client knows.
 *
 * @param partitions in the order of their numbers
 */
public record TopicView(
    String name, TopicId id, int maxMessageBytes, List<PartitionView> partitions) {

  /** Keeps its own list. */
  public TopicView {
    partitions = List.copyOf(partitions);
  }

  /** How many partitions it has. */
  public int partitionCount() {
    return partitions.size();
  }

  /** The partition with this number. */
  public Optional<PartitionView> partition(int number) {
    return number < partitions.size() ? Optional.of(partitions.get(number)) : Optional.empty();
  }

  /** Whether the partition exists and has a leader. */
  public boolean hasLeader(int partition) {
    return partition(partition).flatMap(PartitionView::leader).isPresent();
  }

  /** An answer of the cluster, except where this view has heard of a later leader. */
  TopicView refreshed(TopicView answer) {
    if (!answer.id.equals(id)) {
      return answer;
    }
    var merged = new ArrayList<PartitionView>(answer.partitions.size());
    for (int i = 0; i < answer.partitions.size(); i++) {
      var told = answer.partitions.get(i);
      merged.add(i < partitions.size() ? partitions.get(i).newerOf(told) : told);
    }
    return new TopicView(name, id, answer.maxMessageBytes, merged);
  }

  /** The same with another leader of one partition, unless that is old news. */
  TopicView withLeader(int partition, NodeId leader, LeaderEpoch epoch) {
    if (partition >= partitions.size() || !partitions.get(partition).epoch().isBefore(epoch)) {
      return this;
    }
    var changed = new ArrayList<>(partitions);
    changed.set(partition, new PartitionView(Optional.of(leader), epoch));
    return new TopicView(name, id, maxMessageBytes, changed);
  }
}
