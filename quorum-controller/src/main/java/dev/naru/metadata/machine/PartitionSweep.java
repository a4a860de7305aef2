package dev.naru.metadata.machine;

import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.DataLossDeclared;
import dev.naru.metadata.event.MetadataEvent.PartitionChanged;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * What a change of one node does to all partitions: it looks at each entry, as a node changes
 * rarely and 100,000 entries take milliseconds, where an index by node would have to be kept up by
 * every command.
 */
final class PartitionSweep {

  private PartitionSweep() {}

  /**
   * The changes of all concerned partitions.
   *
   * @param image with the node as it is after the change
   * @param change what happens to a concerned partition, before it is settled
   */
  static List<MetadataEvent> changes(
      ClusterImage image,
      PartitionCause cause,
      Predicate<PartitionImage> isConcerned,
      BiFunction<TopicImage, PartitionDraft, PartitionDraft> change) {
    var events = new ArrayList<MetadataEvent>();
    for (var topic : image.topics().values()) {
      int number = 0;
      for (var partition : topic.partitions()) {
        if (isConcerned.test(partition)) {
          var id = new PartitionId(topic.id(), number);
          var draft = change.apply(topic, PartitionDraft.of(partition));
          events.addAll(settled(image, topic, id, draft, cause));
        }
        number++;
      }
    }
    return events;
  }

  /** The change of one partition, if it is one, and what it says of losses. */
  static List<MetadataEvent> settled(
      ClusterImage image,
      TopicImage topic,
      PartitionId id,
      PartitionDraft draft,
      PartitionCause cause) {
    var after = draft.settled(image, topic.settings().minInsync(), Optional.empty());
    if (after.equals(draft.before())) {
      return List.of();
    }
    var events = new ArrayList<MetadataEvent>();
    events.add(new PartitionChanged(id, after, cause));
    for (var loss : after.losses().newsSince(draft.before().losses())) {
      events.add(new DataLossDeclared(id, loss));
    }
    return events;
  }
}
