package dev.naru.metadata.liveness;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Since when partitions that wait have had answers that could be chosen, by node. What is waited
 * for beyond that is another node that comes back at about the same time: so a damaged log that was
 * there alone for an hour takes nothing from that wait, and neither does a process that has gone
 * again.
 */
record UsableAnswers(TreePMap<PartitionId, TreePMap<NodeId, First>> byPartition) {

  static final UsableAnswers NONE = new UsableAnswers(TreePMap.empty());

  /** When this process of a node first gave such an answer. */
  record First(NodeEpoch epoch, long nanos) {}

  /** After these answers, all of them usable. */
  UsableAnswers heard(PartitionId id, Collection<LogAnswer> answers, long nowNanos) {
    var nodes = Optional.ofNullable(byPartition.get(id)).orElse(TreePMap.empty());
    for (var answer : answers) {
      var known = Optional.ofNullable(nodes.get(answer.node()));
      if (known.filter(first -> first.epoch().equals(answer.epoch())).isEmpty()) {
        nodes = nodes.plus(answer.node(), new First(answer.epoch(), nowNanos));
      }
    }
    return nodes.isEmpty() ? this : new UsableAnswers(byPartition.plus(id, nodes));
  }

  /** Of the partitions that still wait, what those nodes said that are still there. */
  UsableAnswers seen(ClusterImage image, RecoveryWaits waits) {
    TreePMap<PartitionId, TreePMap<NodeId, First>> kept = TreePMap.empty();
    for (var entry : byPartition.entrySet()) {
      TreePMap<NodeId, First> present = TreePMap.empty();
      for (var node : entry.getValue().entrySet()) {
        if (isThere(image, node.getKey(), node.getValue().epoch())) {
          present = present.plus(node.getKey(), node.getValue());
        }
      }
      if (!present.isEmpty() && waits.sinceNanos().containsKey(entry.getKey())) {
        kept = kept.plus(entry.getKey(), present);
      }
    }
    return new UsableAnswers(kept);
  }

  private static boolean isThere(ClusterImage image, NodeId node, NodeEpoch epoch) {
    return image.isEligible(node)
        && image.node(node).map(NodeImage::epoch).filter(epoch::equals).isPresent();
  }

  /** The same, had the controller not stood still for so long. */
  UsableAnswers withoutPause(long pausedNanos) {
    TreePMap<PartitionId, TreePMap<NodeId, First>> all = TreePMap.empty();
    for (var entry : byPartition.entrySet()) {
      TreePMap<NodeId, First> later = TreePMap.empty();
      for (var node : entry.getValue().entrySet()) {
        var first = node.getValue();
        later = later.plus(node.getKey(), new First(first.epoch(), first.nanos() + pausedNanos));
      }
      all = all.plus(entry.getKey(), later);
    }
    return new UsableAnswers(all);
  }

  /** For how long there has been one for this partition; 0 if there is none. */
  long ageNanos(PartitionId id, long nowNanos) {
    return Optional.ofNullable(byPartition.get(id)).orElse(TreePMap.empty()).values().stream()
        .mapToLong(first -> nowNanos - first.nanos())
        .max()
        .orElse(0);
  }
}
