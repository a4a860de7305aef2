package dev.naru.metadata.machine;

import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The partitions that one command changes, each settled once however often it was named. */
final class PartitionDrafts {

  private final ClusterImage image;
  private final TreeMap<PartitionId, PartitionDraft> drafts = new TreeMap<>();

  PartitionDrafts(ClusterImage image) {
    this.image = image;
  }

  /**
   * Changes one more; a partition that does not exist, its topic deleted perhaps, is passed over.
   */
  void change(PartitionId id, UnaryOperator<PartitionDraft> change) {
    var draft = drafts.get(id);
    if (draft != null) {
      drafts.put(id, change.apply(draft));
    } else {
      image
          .partition(id)
          .ifPresent(entry -> drafts.put(id, change.apply(PartitionDraft.of(entry))));
    }
  }

  /** What became of them. */
  List<MetadataEvent> settled(PartitionCause cause) {
    var events = new ArrayList<MetadataEvent>();
    drafts.forEach((id, draft) ->
        image
            .topic(id.topic())
            .ifPresent(
                topic -> events.addAll(PartitionSweep.settled(image, topic, id, draft, cause))));
    return events;
  }
}
