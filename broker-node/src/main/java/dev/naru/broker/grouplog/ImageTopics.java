package dev.naru.broker.grouplog;

import dev.naru.broker.coordinator.Topics;
import dev.naru.broker.group.TopicSeen;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.Applied;
import dev.naru.types.TopicId;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.pcollections.TreePMap;

/** The topics of the image that this node has applied. */
public final class ImageTopics implements Topics {

  private final Supplier<Applied> applied;

  /** Looks into this image. */
  public ImageTopics(Supplier<Applied> applied) {
    this.applied = applied;
  }

  @Override
  public long index() {
    return applied.get().index();
  }

  @Override
  public TopicsSeen seen(Collection<String> names) {
    var now = applied.get();
    var topics = TreePMap.<String, TopicSeen>empty();
    for (var name : names) {
      var topic = now.image().topicNamed(name);
      if (topic.isPresent()) {
        topics = topics.plus(name, seen(now.image(), topic.get()));
      }
    }
    return new TopicsSeen(now.index(), topics);
  }

  private static TopicSeen seen(ClusterImage image, TopicImage topic) {
    return new TopicSeen(
        topic.id(),
        topic.partitions().size(),
        topic.createdMillis(),
        partition ->
            topic
                .partition(partition)
                .flatMap(entry -> entry.leader())
                .flatMap(image::node)
                .flatMap(node -> node.rack()));
  }

  @Override
  public Optional<String> nameOf(TopicId topic) {
    return applied.get().image().topic(topic).map(TopicImage::name);
  }

  @Override
  public OptionalInt partitionsOf(TopicId topic) {
    var known = applied.get().image().topic(topic);
    return known.isPresent()
        ? OptionalInt.of(known.get().partitions().size())
        : OptionalInt.empty();
  }

  @Override
  public boolean isDeleted(TopicId topic) {
    return applied.get().image().deletedTopics().contains(topic);
  }
}
