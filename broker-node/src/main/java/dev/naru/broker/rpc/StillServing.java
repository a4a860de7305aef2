package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;

/**
 * Without a metadata quorum nothing can be changed, but records go on. Whoever hears of it is told
 * how many partitions do, as far as a node knows: who has died since, it cannot say.
 */
final class StillServing {

  private StillServing() {}

  /** The same, with what goes on if the quorum is lost. */
  static Refused told(Refused why, ClusterImage image) {
    if (why.code() != ErrorCode.METADATA_QUORUM_LOST) {
      return why;
    }
    long partitions = 0;
    long led = 0;
    for (var topic : image.topics().values()) {
      if (!InternalTopics.isInternal(topic.name())) {
        partitions += topic.partitions().size();
        led += topic.partitions().stream().filter(entry -> entry.hasLeader()).count();
      }
    }
    return new Refused(
        why.code(),
        "%s; by the last image, produce and consume continue on %d of %d partitions"
            .formatted(why.reason(), led, partitions));
  }
}
