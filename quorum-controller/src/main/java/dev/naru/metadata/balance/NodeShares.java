package dev.naru.metadata.balance;

import dev.naru.metadata.balance.NodeShare.Share;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Counts what each member has, before a plan and after it. */
final class NodeShares {

  private final Ground ground;
  private final Measured measured;
  private final TreeMap<NodeId, Tally> tallies = new TreeMap<>();

  /** What one node has, before and after. */
  private static final class Tally {
    final Held before = new Held();
    final Held after = new Held();
  }

  private static final class Held {
    int leaders;
    int replicas;
    long bytes;
  }

  private NodeShares(Ground ground, Measured measured) {
    this.ground = ground;
    this.measured = measured;
    ground.members().keySet().forEach(node -> tallies.put(node, new Tally()));
  }

  /** Of each member, by id. */
  static List<NodeShare> of(Ground ground, Measured measured, List<PlannedChange> changes) {
    var changed = new TreeMap<PartitionId, PlannedChange>();
    changes.forEach(change -> changed.put(change.partition(), change));
    var shares = new NodeShares(ground, measured);
    ground
        .image()
        .partitionIds()
        .forEach(id -> shares.count(id, Optional.ofNullable(changed.get(id))));
    return shares.shares();
  }

  private void count(PartitionId id, Optional<PlannedChange> change) {
    var leader = ground.entry(id).leader();
    var now = ground.goal(id);
    var then = change.map(PlannedChange::to).orElse(now);
    var thenLeader = change.map(each -> each.to().getFirst()).or(() -> leader);
    long bytes = measured.bytes().getOrDefault(id, 0L);
    now.forEach(node -> tally(node).ifPresent(had -> count(had.before, node, leader, bytes)));
    then.forEach(node -> tally(node).ifPresent(has -> count(has.after, node, thenLeader, bytes)));
  }

  /** Empty for a node that is no member: nobody is told of it. */
  private Optional<Tally> tally(NodeId node) {
    return Optional.ofNullable(tallies.get(node));
  }

  private static void count(Held held, NodeId node, Optional<NodeId> leader, long bytes) {
    held.replicas++;
    held.bytes += bytes;
    held.leaders += leader.equals(Optional.of(node)) ? 1 : 0;
  }

  private List<NodeShare> shares() {
    return tallies.entrySet().stream()
        .map(entry -> share(entry.getKey(), entry.getValue()))
        .toList();
  }

  private NodeShare share(NodeId node, Tally tally) {
    long gained = tally.after.bytes - tally.before.bytes;
    return new NodeShare(node, share(node, tally.before, 0), share(node, tally.after, gained));
  }

  private Share share(NodeId node, Held held, long gained) {
    return new Share(held.leaders, held.replicas, held.bytes, diskUsed(node, gained));
  }

  private OptionalDouble diskUsed(NodeId node, long gained) {
    return Optional.ofNullable(measured.disks().get(node)).stream()
        .mapToDouble(use -> (use.usedBytes() + gained) / (double) use.totalBytes())
        .findFirst();
  }
}
