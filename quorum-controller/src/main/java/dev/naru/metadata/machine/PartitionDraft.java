package dev.naru.metadata.machine;

import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.Replica;
import dev.naru.types.NodeId;
import java.util.ArrayList;
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
    Losses losses,
    Optional<Move> move) {

  static PartitionDraft of(PartitionImage before) {
    return new PartitionDraft(
        before,
        before.replicas(),
        before.isr(),
        before.elr(),
        before.lastKnown(),
        before.losses(),
        before.move());
  }

  /** The node leaves the ISR, or changes its place in the ELR; without either it gets none. */
  PartitionDraft leaving(NodeId node, ElrPlace place) {
    return isr.contains(node) || elr.containsKey(node)
        ? new PartitionDraft(
            before, replicas, isr.minus(node), elr.plus(node, place), lastKnown, losses, move)
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
        losses.mapped(loss -> loss.withoutHopeOf(node)),
        move);
  }

  /**
   * Its log, which holds every record committed before a loss if that counts on it, reaches so far.
   */
  PartitionDraft heardOf(NodeId node, LogEnd log) {
    return withLosses(losses.mapped(loss -> loss.heard(node, log)));
  }

  PartitionDraft withLosses(Losses changed) {
    return new PartitionDraft(before, replicas, isr, elr, lastKnown, changed, move);
  }

  /** Nobody is safe: this one is taken for all there is, and what others have more is given up. */
  PartitionDraft recovered(NodeId choice, DeclaredLoss declared) {
    return new PartitionDraft(
        before,
        replicas,
        TreePSet.singleton(choice),
        TreePMap.empty(),
        TreePSet.empty(),
        losses.recovered(choice, declared),
        move);
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
    return new PartitionDraft(before, others, out.isr, out.elr, out.lastKnown, out.losses, move);
  }

  /** Replicas on the nodes of the move that have none yet: new ones, of which nothing is known. */
  PartitionDraft moving(Move begun) {
    var assignedAt = before.partitionEpoch().next();
    var all = new ArrayList<>(replicas);
    begun.nodes().stream()
        .filter(node -> before.replicaOn(node).isEmpty())
        .forEach(node -> all.add(new Replica(node, assignedAt)));
    return new PartitionDraft(before, all, isr, elr, lastKnown, losses, Optional.of(begun));
  }

  /** Back to where it came from; stays as it is without a move. */
  PartitionDraft movingBack() {
    return new PartitionDraft(
        before, replicas, isr, elr, lastKnown, losses, move.map(Move::reverting));
  }

  /** The end of the move, if it may end (step 22). */
  private PartitionDraft arrived(ClusterImage image, int minInsync) {
    return move.flatMap(under -> destination(image, under, minInsync))
        .map(this::stayingOn)
        .orElse(this);
  }

  /**
   * Where it stays from now on. One that is to go back, and cannot, may be whole where it was to go
   * first: else it could do neither for ever.
   */
  private Optional<List<NodeId>> destination(ClusterImage image, Move under, int minInsync) {
    if (mayEnd(image, under.goal(), under.isReverting(), minInsync)) {
      return Optional.of(under.goal());
    }
    return under.isReverting() && mayEnd(image, under.to(), false, minInsync)
        ? Optional.of(under.to())
        : Optional.empty();
  }

  /** Whoever is to go is a replica no more, and counts nowhere. */
  private PartitionDraft stayingOn(List<NodeId> goal) {
    var staying = new ArrayList<Replica>();
    var heard = losses;
    for (var node : goal) {
      replicas.stream().filter(replica -> replica.node().equals(node)).forEach(staying::add);
    }
    for (var replica : replicas) {
      if (!goal.contains(replica.node())) {
        heard = heard.mapped(loss -> loss.withoutHopeOf(replica.node()));
      }
    }
    return new PartitionDraft(
        before,
        staying,
        within(isr, goal),
        elr.minusAll(elr.keySet().stream().filter(node -> !goal.contains(node)).toList()),
        within(lastKnown, goal),
        heard,
        Optional.empty());
  }

  /**
   * Somebody who stays can lead, and holds every committed record with as many others as have to;
   * or nobody goes who is known to, or was: with flush=os whoever was killed may have it all and is
   * trusted no more, and next to too few who stay it may be the one copy that is left. Forward,
   * everybody who is to stay is in sync as well. On the way back nobody need lead if nobody goes
   * whom an election or a recovery may yet want.
   */
  private boolean mayEnd(ClusterImage image, List<NodeId> goal, boolean isBack, int minInsync) {
    var staying = within(isr, goal);
    boolean isThere = isBack || staying.size() == goal.size() || goal.containsAll(nodes());
    boolean nobodyKnownGoes =
        goal.containsAll(isr) && goal.containsAll(elr.keySet()) && goal.containsAll(lastKnown);
    boolean somebodyLeads = staying.stream().anyMatch(image::isEligible);
    return isThere
        && (somebodyLeads || (isBack && nobodyKnownGoes && nobodyAwaitedGoes(goal)))
        && (staying.size() >= minInsync || nobodyKnownGoes);
  }

  private boolean nobodyAwaitedGoes(List<NodeId> goal) {
    return nodes().stream().filter(node -> !goal.contains(node)).noneMatch(losses::anyWaitsFor);
  }

  private static TreePSet<NodeId> within(TreePSet<NodeId> nodes, List<NodeId> goal) {
    return TreePSet.from(nodes.stream().filter(goal::contains).toList());
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
        before, replicas, members, draft.elr.minusAll(members), lastKnown, heard, move);
  }

  /**
   * The entry that results, with raised epochs; the one before if nothing changed.
   *
   * @param image with the nodes as they are after the change
   * @param asked the election that was asked for, if that is what brought us here
   */
  PartitionImage settled(ClusterImage image, int minInsync, Optional<ElectionKind> asked) {
    var draft = withoutStopping(image);
    var present = before.leader();
    if (draft.isr.isEmpty()) {
      present =
          LeaderElection.fromElr(
              image, nodes(), draft.elr, asked.equals(Optional.of(ElectionKind.WAIT_IS_OVER)));
      draft = present.map(TreePSet::singleton).map(draft::withIsr).orElse(draft);
    }
    draft = draft.arrived(image, minInsync);
    var leader =
        LeaderElection.fromIsr(
            image,
            draft.nodes(),
            present,
            draft.isr,
            asked.equals(Optional.of(ElectionKind.PREFERRED)));
    return draft.withoutNeedlessPlaces(minInsync).ledBy(leader);
  }

  /** A stopping node leaves every ISR that has other members. */
  private PartitionDraft withoutStopping(ClusterImage image) {
    var staying = TreePSet.from(isr.stream().filter(image::isEligible).toList());
    return staying.isEmpty() || staying.size() == isr.size() ? this : withIsr(staying);
  }

  private PartitionDraft withoutNeedlessPlaces(int minInsync) {
    return isr.size() >= minInsync
        ? new PartitionDraft(
            before, replicas, isr, TreePMap.empty(), TreePSet.empty(), losses, move)
        : new PartitionDraft(before, replicas, isr, elr, lastKnown.minusAll(isr), losses, move);
  }

  private PartitionImage ledBy(Optional<NodeId> leader) {
    boolean sameLeader = leader.equals(before.leader());
    if (sameLeader
        && replicas.equals(before.replicas())
        && isr.equals(before.isr())
        && elr.equals(before.elr())
        && lastKnown.equals(before.lastKnown())
        && losses.equals(before.losses())
        && move.equals(before.move())) {
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
        losses,
        move);
  }

  private List<NodeId> nodes() {
    return replicas.stream().map(Replica::node).toList();
  }
}
