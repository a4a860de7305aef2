package dev.naru.metadata.machine;

import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Places the replicas of new partitions. Each partition takes, one replica after the other, a rack
 * that it does not use yet while there is one; of several the one with the smallest share for its
 * size; and in it the node with the smallest share. So a partition sits in as many racks as
 * possible, and where racks allow the nodes' shares differ by one at most. Between equals the dice
 * of the submitter decide, so that small topics do not crowd the first nodes and the partitions of
 * a dead node are taken over by many. Leaders are evened out afterwards.
 *
 * <p>Nodes that are not there now get replicas only if there are too few others, and never lead;
 * drained ones only then, too. Those that are to be removed get none.
 */
final class ReplicaPlacer {

  private final List<Share> shares = new ArrayList<>();
  private final long seed;

  private ReplicaPlacer(Collection<NodeImage> nodes, long seed) {
    var racks = new TreeMap<String, Rack>();
    for (var node : nodes) {
      // A node that names no rack shares none with another.
      var name = node.rack().map(rack -> "rack " + rack).orElse("node " + node.id());
      var rack = racks.computeIfAbsent(name, unseen -> new Rack());
      rack.nodes++;
      shares.add(new Share(node, rack));
    }
    this.seed = seed;
  }

  /**
   * The replicas of each partition, the leader first.
   *
   * @param nodes all registered ones: of those that are to stay at least as many as copies, at
   *     least one of them eligible
   */
  static List<List<NodeId>> place(
      Collection<NodeImage> nodes, int partitions, int copies, long seed) {
    return placeMore(nodes, List.of(), partitions, copies, seed);
  }

  /**
   * As {@link #place}, for partitions that a topic gets later. What its present ones hold and lead
   * counts, so that all together are spread, and not only those that are new.
   *
   * @param present the replicas of each present partition, the preferred leader first
   */
  static List<List<NodeId>> placeMore(
      Collection<NodeImage> nodes,
      List<List<NodeId>> present,
      int partitions,
      int copies,
      long seed) {
    var staying = staying(nodes);
    var eligible = staying.stream().filter(NodeImage::isEligible).toList();
    var wanted = eligible.stream().filter(NodeImage::isWanted).toList();
    var trusted = wanted.stream().filter(node -> !node.isSuspected()).toList();
    var placer = new ReplicaPlacer(wanted.size() >= copies ? wanted : staying, seed);
    present.forEach(placer::count);
    var placed = new ArrayList<List<NodeId>>(partitions);
    for (int i = 0; i < partitions; i++) {
      placed.add(placer.next(present.size() + i, copies));
    }
    var mayLead = wanted.isEmpty() ? eligible : trusted.isEmpty() ? wanted : trusted;
    LeaderBalance.evenOut(present, placed, mayLead.stream().map(NodeImage::id).toList());
    return placed;
  }

  /** Those that are to stay in the cluster: others get no replica whatever happens. */
  static List<NodeImage> staying(Collection<NodeImage> nodes) {
    return nodes.stream().filter(node -> node.intent() != NodeIntent.REMOVE).toList();
  }

  private void count(List<NodeId> replicas) {
    for (var share : shares) {
      if (replicas.contains(share.node.id())) {
        share.replicas++;
        share.rack.replicas++;
        share.ledBefore += replicas.getFirst().equals(share.node.id()) ? 1 : 0;
      }
    }
  }

  /** A node that may lead comes first. */
  private List<NodeId> next(int partition, int copies) {
    var chosen = new ArrayList<NodeId>(copies);
    while (chosen.size() < copies) {
      var next = neediest(partition, chosen);
      chosen.add(next.node.id());
      next.replicas++;
      next.rack.takeFor(partition);
    }
    return chosen;
  }

  /** Of the nodes that are not chosen yet. */
  private Share neediest(int partition, List<NodeId> chosen) {
    Share neediest = null;
    for (var share : shares) {
      boolean isFree = !chosen.contains(share.node.id());
      if (isFree && (neediest == null || byNeed(partition, share, neediest) < 0)) {
        neediest = share;
      }
    }
    return Objects.requireNonNull(neediest, "Expected a node for each copy, but there are fewer");
  }

  /** Below 0 if the one is to be taken before the other. */
  private int byNeed(int partition, Share one, Share other) {
    int need = Boolean.compare(!one.node.isEligible(), !other.node.isEligible());
    need = need != 0 ? need : Boolean.compare(!one.node.isWanted(), !other.node.isWanted());
    need = need != 0 ? need : Boolean.compare(one.node.isSuspected(), other.node.isSuspected());
    need =
        need != 0
            ? need
            : Integer.compare(one.rack.usesBy(partition), other.rack.usesBy(partition));
    need = need != 0 ? need : one.rack.compareTo(other.rack);
    need = need != 0 ? need : Integer.compare(one.replicas, other.replicas);
    need = need != 0 ? need : Integer.compare(one.ledBefore, other.ledBefore);
    return need != 0 ? need : Long.compare(dice(partition, one), dice(partition, other));
  }

  /** Evenly spread and the same everywhere (the finalizer of SplitMix64). */
  private long dice(int partition, Share share) {
    long drawn = ((long) partition << 32) + share.node.id().value() + 1;
    return mixed(seed + 0x9e3779b97f4a7c15L * drawn);
  }

  static long mixed(long value) {
    long mixed = value;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** A node and what it has got so far. */
  private static final class Share {
    final NodeImage node;
    final Rack rack;
    int replicas;
    int ledBefore; // of the partitions that the topic has: who leads few of them should lead more

    Share(NodeImage node, Rack rack) {
      this.node = node;
      this.rack = rack;
    }
  }

  /** A rack and what its nodes have got so far; ordered by that in proportion to its size. */
  private static final class Rack implements Comparable<Rack> {
    int nodes;
    private long replicas;
    private int partition = -1;
    private int uses;

    int usesBy(int asking) {
      return asking == partition ? uses : 0;
    }

    void takeFor(int asking) {
      uses = usesBy(asking) + 1;
      partition = asking;
      replicas++;
    }

    @Override
    public int compareTo(Rack other) {
      return Long.compare(replicas * other.nodes, other.replicas * nodes);
    }
  }
}
