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

  /**
   * Tells whether the topics of these names are the same as at another time: the same ids, with
   * equally many partitions. Different ones have the same digest about once in 2^64; kept so short
   * for a group's log, as in KIP-1101.
   */
  public long digestOf(Collection<String> sortedNames) {
    long digest = 0;
    for (var name : sortedNames) {
      var topic = topics.get(name);
      if (topic != null) {
        digest = mixed(digest ^ topic.id().high());
        digest = mixed(digest ^ topic.id().low());
        digest = mixed(digest ^ topic.partitions());
      }
    }
    return digest;
  }

  /** The last steps of SplitMix64: each bit counts for each bit. */
  private static long mixed(long bits) {
    long mixed = bits + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
