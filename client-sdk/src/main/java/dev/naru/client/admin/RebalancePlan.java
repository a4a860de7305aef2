package dev.naru.client.admin;

import java.util.List;

/**
 * What would even out the cluster.
 *
 * @param metadataIndex index of the metadata log that it was made for
 * @param changes each of another partition; none where the nodes are even enough
 * @param nodes those that it is about, by id
 * @param notes what is left out, and why
 * @param isCutShort whether another plan would go on from there
 */
public record RebalancePlan(
    RebalanceAim aim,
    long metadataIndex,
    List<PlannedChange> changes,
    List<NodeShare> nodes,
    List<String> notes,
    boolean isCutShort) {

  /** Keeps its own copies. */
  public RebalancePlan {
    changes = List.copyOf(changes);
    nodes = List.copyOf(nodes);
    notes = List.copyOf(notes);
  }

  /** What is left of it with these of its changes. */
  public RebalancePlan withChanges(List<PlannedChange> some) {
    return new RebalancePlan(aim, metadataIndex, some, nodes, notes, isCutShort);
  }
}
