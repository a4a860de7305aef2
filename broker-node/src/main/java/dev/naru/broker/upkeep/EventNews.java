package dev.naru.broker.upkeep;

import dev.naru.broker.eventlog.ScribeInput;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells the leader of {@code __events} that there may be something to write. It goes by the image:
 * what a partition shows of itself may be older than the change that it is to be told of.
 */
public final class EventNews implements ImageSubscriber {

  private final NodeId self;
  private final Function<PartitionId, Optional<? extends PartitionAddress>> partitions;

  /** Tells these; to be subscribed after whoever tells them that they lead. */
  public EventNews(
      NodeId self, Function<PartitionId, Optional<? extends PartitionAddress>> partitions) {
    this.self = self;
    this.partitions = partitions;
  }

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    applied
        .image()
        .topicNamed(InternalTopics.EVENTS)
        .ifPresent(topic -> tell(applied.image(), topic));
  }

  private void tell(ClusterImage image, TopicImage topic) {
    for (int number = 0; number < topic.partitions().size(); number++) {
      var id = new PartitionId(topic.id(), number);
      image
          .partition(id)
          .filter(entry -> entry.isLedBy(self))
          .ifPresent(entry ->
              partitions
                  .apply(id)
                  .ifPresent(seat ->
                      seat.tell(new TenantTold(entry.leaderEpoch(), new ScribeInput.News()))));
    }
  }
}
