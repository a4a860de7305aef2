package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;

/** A partition that a plan may move, and where it has put its replicas so far. */
final class Movable {

  final PartitionId id;
  final int number; // in the order of ids
  final long weight;

  /** Where its replicas are, the preferred leader first. */
  final List<NodeId> goal;

  private List<NodeId> planned;

  Movable(PartitionId id, int number, long weight, List<NodeId> goal) {
    this.id = id;
    this.number = number;
    this.weight = weight;
    this.goal = List.copyOf(goal);
    this.planned = this.goal;
  }

  List<NodeId> planned() {
    return planned;
  }

  /** The planned replicas with one of them elsewhere. */
  List<NodeId> with(NodeId from, NodeId to) {
    return planned.stream().map(node -> node.equals(from) ? to : node).toList();
  }

  /** Back on the nodes where they are, they are in the order in which they are, too. */
  void plan(List<NodeId> nodes) {
    planned = goal.containsAll(nodes) ? goal : List.copyOf(nodes);
  }

  /** Lets this one of the planned replicas come first. */
  void lead(NodeId leader) {
    if (!planned.getFirst().equals(leader)) {
      var first = planned.getFirst();
      planned =
          planned.stream()
              .map(node -> node.equals(leader) ? first : node.equals(first) ? leader : node)
              .toList();
    }
  }

  /** How many replicas go to nodes that have none now. */
  long copies() {
    return planned.stream().filter(node -> !goal.contains(node)).count();
  }

  /** Whether a replica goes somewhere. */
  boolean isChanged() {
    return !goal.containsAll(planned);
  }
}
