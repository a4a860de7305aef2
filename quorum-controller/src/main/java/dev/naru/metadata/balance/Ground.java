package dev.naru.metadata.balance;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The cluster as plans see it: the nodes among which they even out, and the partitions that may
 * change. Nodes that do not serve now, are suspected, drained or on their way out neither give nor
 * get: they have enough to do, or are about to give away all that they have.
 */
final class Ground {

  /** Named in a note; it says how many there are beyond. */
  private static final int NAMED_MAX = 5;

  private final ClusterImage image;
  private final RebalanceRequest request;
  private final TreeMap<NodeId, NodeImage> members = new TreeMap<>();
  private final TreeMap<PartitionId, List<NodeId>> onTheirWay = new TreeMap<>();
  private final TreeMap<String, Integer> racks = new TreeMap<>();
  private final TreeMap<NodeId, Integer> rackNumbers = new TreeMap<>();
  private final TreeSet<Integer> memberRacks = new TreeSet<>();

  Ground(ClusterImage image, RebalanceRequest request) {
    this.image = image;
    this.request = request;
    for (var operation : image.operations().values()) {
      if (operation.isRunning()) {
        onTheirWay.putAll(operation.waiting());
        operation
            .moving()
            .forEach(
                id -> image.partition(id).ifPresent(entry -> onTheirWay.put(id, entry.goal())));
      }
    }
    image.nodes().values().stream()
        .filter(node -> node.state() == NodeState.ACTIVE && node.isWanted())
        .forEach(node -> members.put(node.id(), node));
    members.keySet().forEach(node -> memberRacks.add(rackNumber(node)));
  }

  ClusterImage image() {
    return image;
  }

  /** Those that give and get, by id. */
  NavigableMap<NodeId, NodeImage> members() {
    return members;
  }

  PartitionImage entry(PartitionId id) {
    return image.partition(id).orElseThrow();
  }

  /**
   * Whether nothing else is done with the partition, and it has a leader; the request wants no
   * other.
   */
  boolean mayChange(PartitionId id) {
    var entry = entry(id);
    return request.mayChange(id.topic())
        && entry.hasLeader()
        && entry.move().isEmpty()
        && !isOnItsWay(id);
  }

  boolean isOnItsWay(PartitionId id) {
    return onTheirWay.containsKey(id);
  }

  /** Where its replicas are, or will be by what is under way. */
  List<NodeId> goal(PartitionId id) {
    return Optional.ofNullable(onTheirWay.get(id)).orElseGet(() -> entry(id).goal());
  }

  /** As a rack: one that names none shares its own with no other. */
  String rackOf(NodeId id) {
    return image.node(id).flatMap(NodeImage::rack).map(rack -> "rack " + rack).orElse("node " + id);
  }

  /** A number for each rack, to compare instead of names. */
  int rackNumber(NodeId id) {
    var known = rackNumbers.get(id);
    if (known != null) {
      return known;
    }
    int number = racks.computeIfAbsent(rackOf(id), _ -> racks.size());
    rackNumbers.put(id, number);
    return number;
  }

  /** Of replicas on these nodes. */
  RackSpread spread(List<NodeId> nodes) {
    return RackSpread.of(racks(nodes));
  }

  int[] racks(List<NodeId> nodes) {
    return nodes.stream().mapToInt(this::rackNumber).toArray();
  }

  /** The most racks that replicas on these nodes or on members could be in. */
  int racksFor(List<NodeId> nodes) {
    long others =
        nodes.stream()
            .map(this::rackNumber)
            .filter(rack -> !memberRacks.contains(rack))
            .distinct()
            .count();
    return (int) Math.min(nodes.size(), memberRacks.size() + others);
  }

  /** Which nodes the plan is not about; empty if it is about all. */
  Optional<String> nodesLeftOut() {
    var out =
        image.nodes().values().stream()
            .filter(node -> !members.containsKey(node.id()))
            .map(node -> "node " + node.id() + " (" + whyOut(node) + ")")
            .toList();
    return out.isEmpty() ? Optional.empty() : Optional.of("left out: " + firstOf(out));
  }

  private static String whyOut(NodeImage node) {
    return switch (node.intent()) {
      case DRAIN -> "drained";
      case REMOVE -> "being decommissioned";
      case NONE ->
          switch (node.state()) {
            case SUSPECTED -> "suspected";
            case STARTING -> "starting";
            case STOPPING -> "stopping";
            case FENCED, ACTIVE -> "fenced";
          };
    };
  }

  /** Such as {@code left out: orders/1, orders/2 and 5 more}; empty without any. */
  Optional<String> note(List<PartitionId> partitions, String what) {
    if (partitions.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(what + ": " + firstOf(partitions.stream().map(image::nameOf).toList()));
  }

  private static String firstOf(List<String> names) {
    int more = Math.max(0, names.size() - NAMED_MAX);
    var some = names.subList(0, names.size() - more);
    return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
  }
}
