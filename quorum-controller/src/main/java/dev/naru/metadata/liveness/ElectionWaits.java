package dev.naru.metadata.liveness;

import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.machine.LeaderElection;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Leaderless partitions that have a candidate and wait for more ELR members to return, each with
 * the time at which the active controller first saw it so.
 */
public record ElectionWaits(TreePMap<PartitionId, Long> sinceNanos) {

  /**
   * How long those present wait for those absent: nodes that lost power together come back within
   * seconds of each other or not soon.
   */
  public static final long WAIT_NANOS = 3_000_000_000L;

  /** Nothing seen yet. */
  public static final ElectionWaits NONE = new ElectionWaits(TreePMap.empty());

  /** The same, had the controller not stood still for so long: nobody could come back then. */
  public ElectionWaits withoutPause(long pausedNanos) {
    TreePMap<PartitionId, Long> later = TreePMap.empty();
    for (var wait : sinceNanos.entrySet()) {
      later = later.plus(wait.getKey(), wait.getValue() + pausedNanos);
    }
    return new ElectionWaits(later);
  }

  /** After a look at all partitions of this image; worth calling whenever the image has changed. */
  public ElectionWaits seen(ClusterImage image, long nowNanos) {
    TreePMap<PartitionId, Long> waiting = TreePMap.empty();
    for (var topic : image.topics().values()) {
      for (int number = 0; number < topic.partitions().size(); number++) {
        if (LeaderElection.isWaiting(image, topic.partitions().get(number))) {
          var id = new PartitionId(topic.id(), number);
          waiting = waiting.plus(id, Optional.ofNullable(sinceNanos.get(id)).orElse(nowNanos));
        }
      }
    }
    return new ElectionWaits(waiting);
  }

  /** The elections that are due now, in commands of bounded size. */
  public List<ElectLeaders> due(long nowNanos) {
    var over =
        sinceNanos.entrySet().stream()
            .filter(wait -> nowNanos - wait.getValue() >= WAIT_NANOS)
            .map(wait -> wait.getKey())
            .toList();
    var commands = new ArrayList<ElectLeaders>();
    for (int from = 0; from < over.size(); from += MetadataCommand.ENTRIES_MAX) {
      int to = Math.min(over.size(), from + MetadataCommand.ENTRIES_MAX);
      commands.add(new ElectLeaders(over.subList(from, to), ElectionKind.WAIT_IS_OVER));
    }
    return commands;
  }
}
