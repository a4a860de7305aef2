package dev.naru.metadata.machine;

import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.Replica;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A partition's entry in the making. Every change goes the same way, whatever caused it: members
 * leave or join the ISR; whoever leaves keeps a place in the ELR unless it is ruled out; then
 * {@link #settled} drops the ELR if the ISR is large enough without it, and finds the leader.
 *
 * <p>Why an ELR of all that left is safe: the high watermark rises only while the ISR has
 * min.insync members, and then the ELR is empty. Whoever left after that has everything below the
 * watermark.
 */
record PartitionDraft(
    PartitionImage before,
    List<Replica> replicas,
    TreePSet<NodeId> isr,
    TreePMap<NodeId, ElrPlace> elr,
    TreePSet<NodeId> lastKnown) {

  static PartitionDraft of(PartitionImage before) {
    return new PartitionDraft(
        before, before.replicas(), before.isr(), before.elr(), before.lastKnown());
  }

  /** The node leaves the ISR, or changes its place in the ELR; without either it gets none. */
  PartitionDraft leaving(NodeId node, ElrPlace place) {
    return isr.contains(node) || elr.containsKey(node)
        ? new PartitionDraft(before, replicas, isr.minus(node), elr.plus(node, place), lastKnown)
        : this;
  }

  /** The node is no longer known to hold every committed record. */
  PartitionDraft ruledOut(NodeId node) {
    return isr.contains(node) || elr.containsKey(node)
        ? new PartitionDraft(
            before, replicas, isr.minus(node), elr.minus(node), lastKnown.plus(node))
        : this;
  }

  /**
   * The node's replica is damaged and begins anew: it is ruled out, and another replica from now
   * on. So whatever its leader knew of it, or has proposed, is void, also if it was in no ISR: it
   * may hold less from now on than it once acknowledged.
   */
  PartitionDraft begunAnew(NodeId node) {
    var assignedAt = before.partitionEpoch().next();
    var others =
        replicas.stream()
            .map(each -> each.node().equals(node) ? new Replica(node, assignedAt) : each)
            .toList();
    var out = ruledOut(node);
    return new PartitionDraft(before, others, out.isr, out.elr, out.lastKnown);
  }

  /** These are in sync, and nobody else. */
  PartitionDraft withIsr(TreePSet<NodeId> members) {
    var draft = this;
    for (var node : isr.minusAll(members)) {
      draft = draft.leaving(node, new Unbroken());
    }
    return new PartitionDraft(before, replicas, members, draft.elr.minusAll(members), lastKnown);
  }

  /**
   * The entry that results, with raised epochs; the one before if nothing changed.
   *
   * @param image with the nodes as they are after the change
   * @param asked the election that was asked for, if that is what brought us here
   */
  PartitionImage settled(ClusterImage image, int minInsync, Optional<ElectionKind> asked) {
    var draft = withoutStopping(image);
    var leader =
        LeaderElection.fromIsr(
            image, before, draft.isr, asked.equals(Optional.of(ElectionKind.PREFERRED)));
    if (draft.isr.isEmpty()) {
      leader =
          LeaderElection.fromElr(
              image,
              before.replicaNodes(),
              draft.elr,
              asked.equals(Optional.of(ElectionKind.WAIT_IS_OVER)));
      draft = leader.map(TreePSet::singleton).map(draft::withIsr).orElse(draft);
    }
    return draft.withoutNeedlessPlaces(minInsync).ledBy(leader);
  }

  /** A stopping node leaves every ISR that has other members. */
  private PartitionDraft withoutStopping(ClusterImage image) {
    var staying = TreePSet.from(isr.stream().filter(image::isEligible).toList());
    return staying.isEmpty() || staying.size() == isr.size() ? this : withIsr(staying);
  }

  private PartitionDraft withoutNeedlessPlaces(int minInsync) {
    return isr.size() >= minInsync
        ? new PartitionDraft(before, replicas, isr, TreePMap.empty(), TreePSet.empty())
        : new PartitionDraft(before, replicas, isr, elr, lastKnown.minusAll(isr));
  }

  private PartitionImage ledBy(Optional<NodeId> leader) {
    boolean sameLeader = leader.equals(before.leader());
    if (sameLeader
        && replicas.equals(before.replicas())
        && isr.equals(before.isr())
        && elr.equals(before.elr())
        && lastKnown.equals(before.lastKnown())) {
      return before;
    }
    return new PartitionImage(
        replicas,
        isr,
        elr,
        lastKnown,
        leader,
        sameLeader ? before.leaderEpoch() : before.leaderEpoch().next(),
        before.partitionEpoch().next());
  }
}
