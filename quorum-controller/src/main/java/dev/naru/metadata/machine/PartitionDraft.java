package dev.naru.metadata.machine;

import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.Losses;
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
    TreePSet<NodeId> lastKnown,
    Losses losses) {

  static PartitionDraft of(PartitionImage before) {
    return new PartitionDraft(
        before, before.replicas(), before.isr(), before.elr(), before.lastKnown(), before.losses());
  }

  /** The node leaves the ISR, or changes its place in the ELR; without either it gets none. */
  PartitionDraft leaving(NodeId node, ElrPlace place) {
    return isr.contains(node) || elr.containsKey(node)
        ? new PartitionDraft(
            before, replicas, isr.minus(node), elr.plus(node, place), lastKnown, losses)
        : this;
  }

  /** The node is no longer known to hold every committed record. */
  PartitionDraft ruledOut(NodeId node) {
    boolean wasSafe = isr.contains(node) || elr.containsKey(node);
    return new PartitionDraft(
        before,
        replicas,
        isr.minus(node),
        elr.minus(node),
        wasSafe ? lastKnown.plus(node) : lastKnown,
        losses.mapped(loss -> loss.withoutHopeOf(node)));
  }

  /**
   * Its log, which holds every record committed before a loss if that counts on it, reaches so far.
   */
  PartitionDraft heardOf(NodeId node, LogEnd log) {
    return withLosses(losses.mapped(loss -> loss.heard(node, log)));
  }

  PartitionDraft withLosses(Losses changed) {
    return new PartitionDraft(before, replicas, isr, elr, lastKnown, changed);
  }

  /** Nobody is safe: this one is taken for all there is, and what others have more is given up. */
  PartitionDraft recovered(NodeId choice, DeclaredLoss declared) {
    return new PartitionDraft(
        before,
        replicas,
        TreePSet.singleton(choice),
        TreePMap.empty(),
        TreePSet.empty(),
        losses.recovered(choice, declared));
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
    return new PartitionDraft(before, others, out.isr, out.elr, out.lastKnown, out.losses);
  }

  /** These are in sync, and nobody else. */
  PartitionDraft withIsr(TreePSet<NodeId> members) {
    var draft = this;
    for (var node : isr.minusAll(members)) {
      draft = draft.leaving(node, new Unbroken());
    }
    var heard = losses;
    for (var node : members.minusAll(isr)) {
      heard = heard.mapped(loss -> loss.joinedBy(node));
    }
    return new PartitionDraft(
        before, replicas, members, draft.elr.minusAll(members), lastKnown, heard);
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
        ? new PartitionDraft(before, replicas, isr, TreePMap.empty(), TreePSet.empty(), losses)
        : new PartitionDraft(before, replicas, isr, elr, lastKnown.minusAll(isr), losses);
  }

  private PartitionImage ledBy(Optional<NodeId> leader) {
    boolean sameLeader = leader.equals(before.leader());
    if (sameLeader
        && replicas.equals(before.replicas())
        && isr.equals(before.isr())
        && elr.equals(before.elr())
        && lastKnown.equals(before.lastKnown())
        && losses.equals(before.losses())) {
      return before;
    }
    return new PartitionImage(
        replicas,
        isr,
        elr,
        lastKnown,
        leader,
        sameLeader ? before.leaderEpoch() : before.leaderEpoch().next(),
        before.partitionEpoch().next(),
        losses);
  }
}
