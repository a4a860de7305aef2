package dev.naru.metadata.image;

import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A partition on its way from some nodes to others. While it lasts, replicas are on all of them;
 * which of these are in sync is decided as ever.
 *
 * @param from where the replicas were, the preferred leader first
 * @param to where they are to be, as many
 * @param operation what the move belongs to
 * @param isReverting whether it was cancelled, and goes back to where it came from
 */
public record Move(List<NodeId> from, List<NodeId> to, UUID operation, boolean isReverting) {

  /** Refuses another number of replicas. */
  public Move {
    from = List.copyOf(from);
    to = List.copyOf(to);
    if (from.isEmpty() || from.size() != to.size()) {
      throw new IllegalArgumentException(
          "Expected as many replicas as before, but were " + from + " and " + to);
    }
  }

  /** Where the replicas will be once it is over. */
  public List<NodeId> goal() {
    return isReverting ? from : to;
  }

  /** Whether the node's replica goes with the end of the move. */
  public boolean isLeaving(NodeId node) {
    return !goal().contains(node);
  }

  /** Whether the node had no replica before the move, and is to keep the one it gets by it. */
  public boolean isAdding(NodeId node) {
    return !isReverting && isNew(node);
  }

  /** Whether the node had no replica before the move, wherever it goes by now. */
  public boolean isNew(NodeId node) {
    return to.contains(node) && !from.contains(node);
  }

  /** All nodes that have a replica while it lasts, those that it comes from first. */
  public List<NodeId> nodes() {
    var nodes = new ArrayList<>(from);
    to.stream().filter(node -> !from.contains(node)).forEach(nodes::add);
    return nodes;
  }

  /** The same, on its way back. */
  public Move reverting() {
    return new Move(from, to, operation, true);
  }
}
