package dev.naru.broker.node;

import dev.naru.broker.events.EventCode;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.LogStore;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs that the image does not explain: they are put aside. */
final class Strangers {

  private static final Logger LOG = LogManager.getLogger(Strangers.class);

  private Strangers() {}

  /** Before any log is opened. */
  static void setAside(LogStore store, ClusterImage image, NodeId self) {
    Stream.concat(store.logs().keySet().stream(), store.damaged().keySet().stream())
        .filter(id -> image.partition(id).flatMap(entry -> entry.replicaOn(self)).isEmpty())
        .toList()
        .forEach(id -> {
          LOG.warn(
              EventCode.RECOVERY_FINISHED.marker(),
              "The log of {} is put aside: node {} has no replica of it",
              id,
              self);
          var why = "the image gives node " + self + " no replica of it";
          var reason =
              image.deletedTopics().contains(id.topic())
                  ? SetAsideReason.TOPIC_DELETED
                  : SetAsideReason.NOT_OURS;
          var keep = isExplained(image, id) ? Keep.WHILE_THERE_IS_ROOM : Keep.FOR_GOOD;
          store.setAside(id, reason, keep, why);
        });
  }

  /** Whether the replica was moved or its topic deleted; else the image may be the wrong one. */
  private static boolean isExplained(ClusterImage image, PartitionId id) {
    return image.partition(id).isPresent() || image.deletedTopics().contains(id.topic());
  }
}
