package dev.naru.metadata.image;

import dev.naru.metadata.image.ElrPlace.Awaited;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * One partition as the controller decided it. Invariants, refused by the constructor: ISR and ELR
 * are disjoint, both lie in the replicas, and the leader is in the ISR.
 *
 * @param replicas the preferred leader first; each on another node
 * @param isr in-sync replicas
 * @param elr eligible leader replicas: out of the ISR, yet known to hold every committed record
 * @param lastKnown replicas that lost their place in the ELR by an unclean stop or damage: no
 *     longer safe, but the best guess should nobody else return
 * @param leader empty while nobody may lead
 * @param leaderEpoch rises with every change of the leader, also to none
 * @param partitionEpoch rises with every change of this entry
 * @param losses what was given up so that the partition could go on
 * @param move on its way to other nodes, if it is; then replicas are on all nodes of the move
 */
public record PartitionImage(
    List<Replica> replicas,
    TreePSet<NodeId> isr,
    TreePMap<NodeId, ElrPlace> elr,
    TreePSet<NodeId> lastKnown,
    Optional<NodeId> leader,
    LeaderEpoch leaderEpoch,
    PartitionEpoch partitionEpoch,
    Losses losses,
    Optional<Move> move) {

  /** An entry of a partition that stays where it is. */
  public PartitionImage(
      List<Replica> replicas,
      TreePSet<NodeId> isr,
      TreePMap<NodeId, ElrPlace> elr,
      TreePSet<NodeId> lastKnown,
      Optional<NodeId> leader,
      LeaderEpoch leaderEpoch,
      PartitionEpoch partitionEpoch,
      Losses losses) {
    this(
        replicas,
        isr,
        elr,
        lastKnown,
        leader,
        leaderEpoch,
        partitionEpoch,
        losses,
        Optional.empty());
  }

  /** An entry of a partition that never lost anything. */
  public PartitionImage(
      List<Replica> replicas,
      TreePSet<NodeId> isr,
      TreePMap<NodeId, ElrPlace> elr,
      TreePSet<NodeId> lastKnown,
      Optional<NodeId> leader,
      LeaderEpoch leaderEpoch,
      PartitionEpoch partitionEpoch) {
    this(replicas, isr, elr, lastKnown, leader, leaderEpoch, partitionEpoch, Losses.NONE);
  }

  /** Refuses entries that break an invariant. */
  public PartitionImage {
    replicas = List.copyOf(replicas);
    if (!areOnDistinctNodes(replicas)) {
      throw new IllegalArgumentException(
          "Expected each replica on another node, but were " + nodesOf(replicas));
    }
    if (!areOn(replicas, isr) || !areOn(replicas, elr.keySet())) {
      throw new IllegalArgumentException(
          "Expected ISR and ELR within "
              + nodesOf(replicas)
              + ", but were "
              + isr
              + " and "
              + elr.keySet());
    }
    if (!elr.isEmpty() && isr.stream().anyMatch(elr::containsKey)) {
      throw new IllegalArgumentException(
          "Expected ISR and ELR to be disjoint, but were " + isr + " and " + elr.keySet());
    }
    if (leader.isPresent() && !isr.contains(leader.get())) {
      throw new IllegalArgumentException(
          "Expected the leader in the ISR " + isr + ", but was " + leader.get());
    }
    if (move.isPresent()
        && !TreePSet.from(nodesOf(replicas)).equals(TreePSet.from(move.get().nodes()))) {
      throw new IllegalArgumentException(
          "Expected replicas on all nodes of " + move.get() + ", but were on " + nodesOf(replicas));
    }
  }

  private static List<NodeId> nodesOf(List<Replica> replicas) {
    return replicas.stream().map(Replica::node).toList();
  }

  /** By loops, as the next: entries are made by the thousands, and replicas are few. */
  private static boolean areOnDistinctNodes(List<Replica> replicas) {
    for (int i = 1; i < replicas.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (replicas.get(i).node().equals(replicas.get(j).node())) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean areOn(List<Replica> replicas, Iterable<NodeId> nodes) {
    for (var node : nodes) {
      if (!isOn(replicas, node)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOn(List<Replica> replicas, NodeId node) {
    for (var replica : replicas) {
      if (replica.node().equals(node)) {
        return true;
      }
    }
    return false;
  }

  /** A new partition: its leader, which must be in the ISR, begins leader epoch 1. */
  public static PartitionImage created(List<NodeId> replicas, TreePSet<NodeId> isr, NodeId leader) {
    return new PartitionImage(
        replicas.stream().map(node -> new Replica(node, PartitionEpoch.ZERO)).toList(),
        isr,
        TreePMap.empty(),
        TreePSet.empty(),
        Optional.of(leader),
        LeaderEpoch.ZERO.next(),
        PartitionEpoch.ZERO);
  }

  /** The nodes that hold a replica, the preferred leader first. */
  public List<NodeId> replicaNodes() {
    return nodesOf(replicas);
  }

  /** The nodes that are to hold a replica once no move is under way. */
  public List<NodeId> goal() {
    return move.map(Move::goal).orElseGet(this::replicaNodes);
  }

  /**
   * How many copies are wanted. While a move lasts there are more, and those do not count: what
   * follows from the number holds before and after it.
   */
  public int copies() {
    return move.map(Move::goal).map(List::size).orElseGet(replicas::size);
  }

  /** The replica on this node. */
  public Optional<Replica> replicaOn(NodeId node) {
    for (var replica : replicas) {
      if (replica.node().equals(node)) {
        return Optional.of(replica);
      }
    }
    return Optional.empty();
  }

  public boolean hasLeader() {
    return leader.isPresent();
  }

  public boolean isLedBy(NodeId node) {
    return leader.isPresent() && leader.get().equals(node);
  }

  /**
   * Whether the replica on this node is known to hold every committed record. A place in the ELR
   * that waits for its node's report says so only if the report does.
   */
  public boolean isComplete(NodeId node) {
    var place = Optional.ofNullable(elr.get(node));
    return isr.contains(node) || place.filter(held -> !(held instanceof Awaited)).isPresent();
  }

  /**
   * Whether the replica on this node is there only since the move under way, and is not known to
   * have been in sync since: its log may be any part of what there is, or nothing.
   */
  public boolean isUnproven(NodeId node) {
    return move.filter(under -> under.isNew(node)).isPresent()
        && !involves(node)
        && !lastKnown.contains(node);
  }

  /** Whether a change of this node's state can change this entry. */
  public boolean involves(NodeId node) {
    return isr.contains(node) || elr.containsKey(node);
  }
}
