package dev.naru.metadata.machine;

import dev.naru.metadata.command.Placement;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the replicas of a node go that is to be empty. Each goes to a node that serves and is not
 * drained: to a rack that the partition does not use yet, if there is one, and there to the node
 * that holds least; between equals the dice of the submitter decide. The others stay.
 */
final class Evacuation {

  /** The plan, or the partition that no other node could take. */
  sealed interface Plan {
    record Found(List<Placement> placements) implements Plan {}

    record None(Refused why) implements Plan {}
  }

  private final ClusterImage image;
  private final NodeId leaving;
  private final long seed;
  private final TreeMap<NodeId, Integer> replicas = new TreeMap<>();

  private Evacuation(ClusterImage image, NodeId leaving, long seed) {
    this.image = image;
    this.leaving = leaving;
    this.seed = seed;
    for (var topic : image.topics().values()) {
      for (var entry : topic.partitions()) {
        entry.goal().forEach(node -> replicas.merge(node, 1, Integer::sum));
      }
    }
  }

  static Plan plan(ClusterImage image, NodeId leaving, long seed) {
    var evacuation = new Evacuation(image, leaving, seed);
    var placements = new ArrayList<Placement>();
    for (var id : image.partitionIds().toList()) {
      var entry = image.partition(id).orElseThrow();
      if (entry.replicaOn(leaving).isPresent()) {
        var heir = evacuation.heir(id, entry);
        if (heir.isEmpty()) {
          return new Plan.None(evacuation.nobody(id, entry));
        }
        placements.add(new Placement(id, replaced(entry, leaving, heir.get())));
      }
    }
    return new Plan.Found(placements);
  }

  private Refused nobody(PartitionId id, PartitionImage entry) {
    return new Refused(
        ErrorCode.INVALID_REPLICATION_FACTOR,
        "Expected another node that serves, is not drained and has no replica of %s, to have %s copies without node %s, but there is none"
            .formatted(image.nameOf(id), entry.copies(), leaving));
  }

  private static List<NodeId> replaced(PartitionImage entry, NodeId leaving, NodeId heir) {
    return entry.goal().stream().map(node -> node.equals(leaving) ? heir : node).toList();
  }

  private Optional<NodeId> heir(PartitionId id, PartitionImage entry) {
    var racks =
        entry.goal().stream()
            .filter(node -> !node.equals(leaving))
            .flatMap(node -> image.node(node).flatMap(NodeImage::rack).stream())
            .toList();
    var heir =
        image.nodes().values().stream()
            .filter(node -> node.isEligible() && node.isWanted())
            .filter(node -> !node.id().equals(leaving) && entry.replicaOn(node.id()).isEmpty())
            .min(
                Comparator.<NodeImage, Boolean>comparing(
                        node -> node.rack().filter(racks::contains).isPresent())
                    .thenComparing(NodeImage::isSuspected)
                    .thenComparingInt(node -> replicas.getOrDefault(node.id(), 0))
                    .thenComparingLong(node -> dice(id, node.id())))
            .map(NodeImage::id);
    heir.ifPresent(node -> replicas.merge(node, 1, Integer::sum));
    return heir;
  }

  private long dice(PartitionId id, NodeId node) {
    return ReplicaPlacer.mixed(
        seed
            + 0x9e3779b97f4a7c15L * (((long) id.partition() << 32) + node.value() + 1)
            + id.topic().value().getLeastSignificantBits());
  }
}
