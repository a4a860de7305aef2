package dev.naru.metadata.liveness;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.RecoveryChoice;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What a round has found out about one partition.
 *
 * @param present nodes that could answer, or that hold everything and are coming back; each with
 *     the epoch of its process
 * @param answers what some of them said
 * @param best who could lead at once; empty if nobody could
 */
record Findings(
    TreePMap<NodeId, NodeEpoch> present, List<LogAnswer> answers, Optional<LogAnswer> best) {

  /** From these answers, all of which are about the present entry of the partition. */
  static Findings of(
      ClusterImage image, TopicImage topic, PartitionImage partition, List<LogAnswer> answers) {
    var starting = RecoveryChoice.safeReplicasStarting(image, partition);
    TreePMap<NodeId, NodeEpoch> present = TreePMap.empty();
    for (var node : partition.replicaNodes()) {
      if (image.isEligible(node) || starting.contains(node)) {
        present = present.plus(node, image.node(node).map(NodeImage::epoch).orElseThrow());
      }
    }
    return new Findings(present, answers, RecoveryChoice.bestUnasked(topic, partition, answers));
  }

  /** Those that have said nothing. */
  TreePSet<NodeId> silent() {
    var silent = TreePSet.from(present.keySet());
    for (var answer : answers) {
      silent = silent.minus(answer.node());
    }
    return silent;
  }

  /** Those whose logs will reach further than the best once they are on their disks. */
  TreePSet<NodeId> ahead() {
    return best.map(log -> RecoveryChoice.aheadOnceForced(answers, log)).orElse(TreePSet.empty());
  }

  /** Those of them that reach further with what they have on their disks. */
  TreePSet<NodeId> aheadOnDisk() {
    return best.map(log -> RecoveryChoice.aheadOnDisk(answers, log)).orElse(TreePSet.empty());
  }
}
