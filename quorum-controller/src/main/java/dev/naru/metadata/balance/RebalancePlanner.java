package dev.naru.metadata.balance;

import dev.naru.metadata.balance.NodeShare.Share;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Plans what evens out a cluster. The same image and measurements give the same plan. A plan moves
 * no more than brings nodes closer to each other, puts no two replicas of a partition on one node,
 * never lets a partition use fewer racks than before, nor puts more of its replicas into one rack
 * unless they use more racks then, and changes nothing that an operation under way is about. What
 * is even enough stays: then the plan is empty, and so is the next plan after one that was carried
 * out, unless it was cut short.
 */
public final class RebalancePlanner {

  /** Said of a plan that is cut short by {@link Effort}. */
  static final String CUT_BY_EFFORT =
      "cut short, as to find more takes too long: carry it out, and plan again";

  private RebalancePlanner() {}

  /** The plan for this cluster, for which somebody waits; see the other one. */
  public static RebalancePlan plan(
      ClusterImage image, Measured measured, RebalanceRequest request) {
    return plan(image, measured, request, () -> false);
  }

  /**
   * The plan for this cluster. Takes a processor for some seconds at most.
   *
   * @param measured may be nothing for leaders
   * @param isGivenUp whether nobody waits for it any more; then what comes back is some plan
   */
  public static RebalancePlan plan(
      ClusterImage image, Measured measured, RebalanceRequest request, BooleanSupplier isGivenUp) {
    var ground = new Ground(image, request);
    var draft =
        request.aim() == RebalanceAim.LEADERS
            ? LeaderPlan.make(ground, request.partitionsMax(), new Effort(isGivenUp))
            : DataPlan.make(
                ground, measured, request, new Effort(isGivenUp), new Effort(isGivenUp));
    var notes = new ArrayList<String>();
    ground.nodesLeftOut().ifPresent(notes::add);
    notes.addAll(draft.notes());
    return new RebalancePlan(
        request.aim(),
        draft.changes(),
        shares(ground, measured, draft.changes()),
        notes,
        draft.isCutShort());
  }

  /** What a plan changes, and what it says of it. */
  record Draft(List<PlannedChange> changes, List<String> notes, boolean isCutShort) {}

  // ---- what each node has

  private static List<NodeShare> shares(
      Ground ground, Measured measured, List<PlannedChange> changes) {
    var changed = new TreeMap<PartitionId, PlannedChange>();
    changes.forEach(change -> changed.put(change.partition(), change));
    var before = new TreeMap<NodeId, Tally>();
    var after = new TreeMap<NodeId, Tally>();
    for (var node : ground.members().keySet()) {
      before.put(node, new Tally());
      after.put(node, new Tally());
    }
    ground
        .image()
        .partitionIds()
        .forEach(id -> {
          var entry = ground.entry(id);
          long bytes = measured.bytes().getOrDefault(id, 0L);
          var change = Optional.ofNullable(changed.get(id));
          count(before, ground.goal(id), entry.leader(), bytes);
          count(
              after,
              change.map(PlannedChange::to).orElseGet(() -> ground.goal(id)),
              change.map(each -> each.to().getFirst()).or(entry::leader),
              bytes);
        });
    var shares = new ArrayList<NodeShare>();
    for (var node : ground.members().keySet()) {
      var had = tally(before, node);
      var has = tally(after, node);
      shares.add(
          new NodeShare(
              node,
              had.share(measured, node, 0),
              has.share(measured, node, has.bytes - had.bytes)));
    }
    return shares;
  }

  private static void count(
      Map<NodeId, Tally> tallies, List<NodeId> replicas, Optional<NodeId> leader, long bytes) {
    for (var node : replicas) {
      var tally = tallies.get(node);
      if (tally != null) {
        tally.replicas++;
        tally.bytes += bytes;
        tally.leaders += leader.equals(Optional.of(node)) ? 1 : 0;
      }
    }
  }

  private static Tally tally(Map<NodeId, Tally> tallies, NodeId node) {
    return Optional.ofNullable(tallies.get(node)).orElseThrow();
  }

  private static final class Tally {
    int leaders;
    int replicas;
    long bytes;

    Share share(Measured measured, NodeId node, long gained) {
      var disk = Optional.ofNullable(measured.disks().get(node));
      return new Share(
          leaders,
          replicas,
          bytes,
          disk.map(use -> OptionalDouble.of((use.usedBytes() + gained) / (double) use.totalBytes()))
              .orElse(OptionalDouble.empty()));
    }
  }
}
