package dev.naru.simulation.invariant;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePSet;

/**
 * I7: what was said under an old leader, partition or node epoch has no effect. No fenced node is
 * in an ISR, and none joins that is fenced or stopping. Epochs rise whenever what they count
 * changes, and only then. With an ISR that is large enough, there is no ELR.
 */
public final class Fencing implements Invariant {

  @Override
  public void decided(Scene scene, PartitionId partition) {
    var entry = scene.entry(partition);
    if (entry.isEmpty()) {
      return;
    }
    for (var member : entry.get().isr()) {
      if (scene.image().node(member).filter(node -> !node.isFenced()).isEmpty()) {
        throw violated(partition, "node %s is fenced, and in the ISR of %s", member, entry.get());
      }
    }
    int minInsync =
        scene.image().topic(partition.topic()).map(t -> t.settings().minInsync()).orElse(1);
    if (entry.get().isr().size() >= minInsync && !entry.get().elr().isEmpty()) {
      throw violated(
          partition, "min.insync.replicas are %d, but there is %s", minInsync, entry.get());
    }
  }

  @Override
  public void commanded(
      Scene scene, ClusterImage before, CommandEnvelope envelope, List<PartitionId> changed) {
    for (var partition : changed) {
      var was = before.partition(partition);
      var is = scene.entry(partition);
      if (was.isPresent() && is.isPresent()) {
        checkEpochs(partition, was.get(), is.get());
        checkJoining(scene, before, envelope, partition, is.get());
      }
    }
  }

  private void checkEpochs(PartitionId partition, PartitionImage was, PartitionImage is) {
    boolean isOtherLeader = !was.leader().equals(is.leader());
    if (!was.partitionEpoch().isBefore(is.partitionEpoch())
        || is.leaderEpoch().isBefore(was.leaderEpoch())
        || (isOtherLeader && !was.leaderEpoch().isBefore(is.leaderEpoch()))) {
      throw violated(partition, "%s became %s", was, is);
    }
  }

  private void checkJoining(
      Scene scene,
      ClusterImage before,
      CommandEnvelope envelope,
      PartitionId partition,
      PartitionImage is) {
    var was = before.partition(partition).orElseThrow();
    var joining = is.isr().minusAll(was.isr());
    if (joining.isEmpty()) {
      return;
    }
    for (var node : joining) {
      if (scene.image().node(node).filter(NodeImage::isEligible).isEmpty()) {
        throw violated(partition, "node %s joins, and is %s", node, scene.image().node(node));
      }
    }
    proposal(envelope, partition)
        .filter(proposal -> isHeard(proposal, joining))
        .ifPresent(proposal -> checkProposal(before, was, proposal));
  }

  private static Optional<AlterPartition> proposal(
      CommandEnvelope envelope, PartitionId partition) {
    return switch (envelope.command()) {
      case AlterPartition one when one.partition().equals(partition) -> Optional.of(one);
      case AlterPartitions many ->
          many.proposals().stream().filter(one -> one.partition().equals(partition)).findFirst();
      default -> Optional.empty();
    };
  }

  /** Whether it is by this proposal that they join; others are elected. */
  private static boolean isHeard(AlterPartition proposal, TreePSet<NodeId> joining) {
    return proposal.isr().stream().map(IsrMember::node).toList().containsAll(joining);
  }

  private void checkProposal(ClusterImage before, PartitionImage was, AlterPartition proposal) {
    boolean isOfNow =
        proposal.leaderEpoch().equals(was.leaderEpoch())
            && proposal.partitionEpoch().equals(was.partitionEpoch())
            && was.isLedBy(proposal.leader().node())
            && isRegistered(before, proposal.leader())
            && proposal.isr().stream().allMatch(member -> isRegistered(before, member));
    if (!isOfNow) {
      throw violated(proposal.partition(), "%s has taken effect on %s", proposal, was);
    }
  }

  private static boolean isRegistered(ClusterImage image, IsrMember member) {
    return image
        .node(member.node())
        .filter(node -> node.epoch().equals(member.epoch()))
        .isPresent();
  }
}
