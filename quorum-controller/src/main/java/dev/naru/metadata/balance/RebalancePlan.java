package dev.naru.metadata.balance;

import java.util.List;

/**
 * What would even out a cluster, to be read before it is done.
 *
 * @param changes each of another partition; none where it is even enough
 * @param nodes those that the plan is about, in the order of their ids
 * @param notes what the plan leaves out, and why
 * @param isCutShort whether another plan would go on from there
 */
public record RebalancePlan(
    RebalanceAim aim,
    List<PlannedChange> changes,
    List<NodeShare> nodes,
    List<String> notes,
    boolean isCutShort) {

  /** Copies the lists. */
  public RebalancePlan {
    changes = List.copyOf(changes);
    nodes = List.copyOf(nodes);
    notes = List.copyOf(notes);
  }
}
