package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Move;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an operation waits for that does not come by itself, in the words of the admin API. */
final class OperationWaits {

  /** Of more partitions it says only how many. */
  private static final int NAMED_MAX = 5;

  private final ClusterImage image;
  private final OperationImage operation;

  private OperationWaits(ClusterImage image, OperationImage operation) {
    this.image = image;
    this.operation = operation;
  }

  /** Empty if it has ended, or goes on by itself. */
  static String of(ClusterImage image, OperationImage operation) {
    return operation.isRunning() ? new OperationWaits(image, operation).inWords() : "";
  }

  private String inWords() {
    return switch (operation.kind()) {
      case DRAIN_NODE -> "another in-sync replica of what the node still leads";
      case REASSIGN_PARTITIONS -> moves();
      case DECOMMISSION_NODE ->
          operation.isIdle() ? operation.node().map(this::stop).orElse("") : moves();
    };
  }

  private String stop(NodeId id) {
    boolean isSilent = image.node(id).filter(NodeImage::isToBeKnownGone).isPresent();
    return (isSilent
            ? "node %s to stop: it holds nothing any more, but is silent and may be alive; if it is gone for good, decommission it again with --gone"
            : "node %s to stop: it holds nothing any more")
        .formatted(id);
  }

  private String moves() {
    var waits = new ArrayList<String>();
    leaderless(waits);
    missing(waits);
    tooFew(waits);
    return String.join("; ", waits);
  }

  /** They neither begin to move nor are there. */
  private void leaderless(List<String> waits) {
    var all =
        Stream.concat(operation.moving().stream(), operation.waiting().keySet().stream())
            .filter(id -> image.partition(id).filter(entry -> !entry.hasLeader()).isPresent())
            .sorted()
            .toList();
    if (!all.isEmpty()) {
      waits.add(
          "a leader of %s: start a node again that holds it, or see 'naru partitions recover'"
              .formatted(named(all)));
    }
  }

  /** Nodes that are to hold a replica, and do not serve. */
  private void missing(List<String> waits) {
    var missing = new TreeSet<NodeId>();
    for (var id : operation.moving()) {
      image
          .partition(id)
          .ifPresent(entry ->
              entry.goal().stream()
                  .filter(node -> image.node(node).map(NodeImage::isFenced).orElse(true))
                  .forEach(missing::add));
    }
    if (!missing.isEmpty()) {
      waits.add("nodes that do not serve: " + missing);
    }
  }

  /** What is to go back, where too few of those that were there before are in sync. */
  private void tooFew(List<String> waits) {
    if (operation.state() == OperationState.CANCELLING) {
      var all =
          operation.moving().stream()
              .filter(id -> image.partition(id).filter(PartitionImage::hasLeader).isPresent())
              .toList();
      if (!all.isEmpty()) {
        waits.add(
            "more in-sync replicas on the nodes where they were before, of %s"
                .formatted(
                    all.size() == 1 ? named(all) + ", on " + lagging(all.getFirst()) : named(all)));
      }
    }
  }

  private Set<NodeId> lagging(PartitionId id) {
    var lagging = new TreeSet<NodeId>();
    image
        .partition(id)
        .ifPresent(entry -> {
          lagging.addAll(entry.move().map(Move::from).orElse(List.of()));
          lagging.removeAll(entry.isr());
        });
    return lagging;
  }

  private String named(List<PartitionId> ids) {
    var some = ids.stream().limit(NAMED_MAX).map(image::nameOf).collect(Collectors.joining(", "));
    return ids.size() <= NAMED_MAX
        ? some
        : "%s and %d more".formatted(some, ids.size() - NAMED_MAX);
  }
}
