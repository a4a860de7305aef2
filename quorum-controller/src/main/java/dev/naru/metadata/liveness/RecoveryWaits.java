package dev.naru.metadata.liveness;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecoveryMode;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.RecoveryChoice;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Partitions that have nobody safe left, that a recovery mode may lead on, and of which a replica
 * is there that no move has just added; each with the time at which the active controller first saw
 * it so. Those whose replicas are all gone again are forgotten, and a new controller counts anew: a
 * wait may take longer than was set, never shorter.
 */
public record RecoveryWaits(TreePMap<PartitionId, Long> sinceNanos) {

  private static final long MILLI_NANOS = 1_000_000;

  /** A century, and far from where nanoseconds overflow. */
  private static final long FOR_EVER_NANOS = Long.MAX_VALUE / 3;

  /** Nothing seen yet. */
  public static final RecoveryWaits NONE = new RecoveryWaits(TreePMap.empty());

  /** The same, had the controller not stood still for so long: nobody could come back then. */
  public RecoveryWaits withoutPause(long pausedNanos) {
    TreePMap<PartitionId, Long> later = TreePMap.empty();
    for (var wait : sinceNanos.entrySet()) {
      later = later.plus(wait.getKey(), wait.getValue() + pausedNanos);
    }
    return new RecoveryWaits(later);
  }

  /** After a look at all partitions of this image; worth calling whenever the image has changed. */
  public RecoveryWaits seen(ClusterImage image, long nowNanos) {
    TreePMap<PartitionId, Long> waiting = TreePMap.empty();
    for (var topic : image.topics().values()) {
      if (topic.settings().recoveryMode() != RecoveryMode.STRICT) {
        for (int number = 0; number < topic.partitions().size(); number++) {
          var partition = topic.partitions().get(number);
          if (!partition.hasLeader() && isWorthIt(image, partition)) {
            var id = new PartitionId(topic.id(), number);
            waiting = waiting.plus(id, Optional.ofNullable(sinceNanos.get(id)).orElse(nowNanos));
          }
        }
      }
    }
    return new RecoveryWaits(waiting);
  }

  private static boolean isWorthIt(ClusterImage image, PartitionImage partition) {
    return partition.replicaNodes().stream()
            .anyMatch(node -> image.isEligible(node) && !partition.isUnproven(node))
        && RecoveryChoice.isDue(image, partition);
  }

  /** Those whose wait is over, in order. */
  public List<PartitionId> due(ClusterImage image, long nowNanos) {
    var due = new ArrayList<PartitionId>();
    for (var id : sinceNanos.keySet()) {
      if (overdueNanos(image, id, nowNanos) >= 0) {
        due.add(id);
      }
    }
    return due;
  }

  /** For how long the wait of this partition has been over; negative while it is not. */
  public long overdueNanos(ClusterImage image, PartitionId id, long nowNanos) {
    var since = Optional.ofNullable(sinceNanos.get(id));
    var topic = image.topic(id.topic());
    return since.isEmpty() || topic.isEmpty()
        ? -1
        : nowNanos - since.get() - waitNanos(topic.get());
  }

  private static long waitNanos(TopicImage topic) {
    return switch (topic.settings().recoveryMode()) {
      case AVAILABLE -> 0;
      case BOUNDED ->
          MILLI_NANOS
              * Math.min(topic.settings().recoveryWaitMillis(), FOR_EVER_NANOS / MILLI_NANOS);
      case STRICT -> FOR_EVER_NANOS;
    };
  }
}
