package dev.naru.metadata.balance;

import dev.naru.metadata.image.ClusterImage;
import java.util.ArrayList;
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
        switch (request.aim()) {
          case LEADERS -> LeaderPlan.make(ground, request.partitionsMax(), new Effort(isGivenUp));
          case BYTES, DISK ->
              DataPlan.make(
                  ground, measured, request, new Effort(isGivenUp), new Effort(isGivenUp));
        };
    var notes = new ArrayList<String>();
    ground.nodesLeftOut().ifPresent(notes::add);
    notes.addAll(draft.notes());
    return new RebalancePlan(
        request.aim(),
        draft.changes(),
        NodeShares.of(ground, measured, draft.changes()),
        notes,
        draft.isCutShort());
  }
}
