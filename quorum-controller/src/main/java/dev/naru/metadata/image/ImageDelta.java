package dev.naru.metadata.image;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pcollections.TreePSet;

/**
 * What differs between two images of one cluster. Several applied commands, or a snapshot in place
 * of them, make one delta just as well.
 *
 * @param nodes those that are new or changed
 * @param topicsCreated in {@code after} only
 * @param topicsDeleted in {@code before} only
 * @param partitions those that are new, changed or gone, and all of a topic whose settings changed
 */
public record ImageDelta(
    ClusterImage before,
    ClusterImage after,
    TreePSet<NodeId> nodes,
    TreePSet<TopicId> topicsCreated,
    TreePSet<TopicId> topicsDeleted,
    TreePSet<PartitionId> partitions) {

  /**
   * Compares two images. What they share is not looked into, so that this takes time in proportion
   * to the number of topics and to the partitions of those that changed.
   */
  public static ImageDelta between(ClusterImage before, ClusterImage after) {
    var nodes =
        after.nodes().values().stream()
            .filter(node -> !before.node(node.id()).equals(Optional.of(node)))
            .map(NodeImage::id)
            .toList();
    if (before.topics().equals(after.topics())) {
      return new ImageDelta(
          before,
          after,
          TreePSet.from(nodes),
          TreePSet.empty(),
          TreePSet.empty(),
          TreePSet.empty());
    }
    var created = new ArrayList<TopicImage>();
    var partitions = new ArrayList<PartitionId>();
    for (var topic : after.topics().values()) {
      var old = before.topic(topic.id());
      if (old.isEmpty()) {
        created.add(topic);
        partitions.addAll(allOf(topic));
      } else {
        partitions.addAll(changed(old.get(), topic));
      }
    }
    var deleted =
        before.topics().values().stream()
            .filter(topic -> after.topic(topic.id()).isEmpty())
            .toList();
    deleted.forEach(topic -> partitions.addAll(allOf(topic)));
    return new ImageDelta(
        before, after, TreePSet.from(nodes), ids(created), ids(deleted), TreePSet.from(partitions));
  }

  /** Whether nothing differs that anyone acts upon. */
  public boolean isEmpty() {
    return nodes.isEmpty() && partitions.isEmpty();
  }

  private static List<PartitionId> changed(TopicImage old, TopicImage topic) {
    if (topic.equals(old)) {
      return List.of();
    }
    if (!topic.settings().equals(old.settings())) {
      return allOf(topic);
    }
    return numbers(topic)
        .filter(id -> !topic.partition(id.partition()).equals(old.partition(id.partition())))
        .toList();
  }

  private static List<PartitionId> allOf(TopicImage topic) {
    return numbers(topic).toList();
  }

  private static Stream<PartitionId> numbers(TopicImage topic) {
    return IntStream.range(0, topic.partitions().size())
        .mapToObj(number -> new PartitionId(topic.id(), number));
  }

  private static TreePSet<TopicId> ids(List<TopicImage> topics) {
    return TreePSet.from(topics.stream().map(TopicImage::id).toList());
  }
}
