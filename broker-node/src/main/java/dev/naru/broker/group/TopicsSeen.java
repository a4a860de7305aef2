package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The topics that a command concerns, as they are when it is made. Stamped into the command, so
 * that deciding needs nothing else.
 *
 * @param imageIndex index in the metadata log of the image they were taken from
 * @param topics by name; one that does not exist is absent
 */
public record TopicsSeen(long imageIndex, TreePMap<String, TopicSeen> topics) {

  /** No topics. */
  public static final TopicsSeen NONE = new TopicsSeen(0, TreePMap.empty());

  public Optional<TopicSeen> named(String name) {
    return Optional.ofNullable(topics.get(name));
  }

  /** How many partitions the topics of these names have together. */
  public int partitionsOf(Collection<String> names) {
    return names.stream()
        .flatMap(name -> named(name).stream())
        .mapToInt(TopicSeen::partitions)
        .sum();
  }

  /** Those of the partitions that belong to topics of these names. */
  TreePSet<PartitionId> covered(TreePSet<PartitionId> partitions, Collection<String> names) {
    var ids =
        TreePSet.from(
            names.stream().flatMap(name -> named(name).stream()).map(TopicSeen::id).toList());
    var covered = partitions;
    for (var partition : partitions) {
      if (!ids.contains(partition.topic())) {
        covered = covered.minus(partition);
      }
    }
    return covered;
  }
}
