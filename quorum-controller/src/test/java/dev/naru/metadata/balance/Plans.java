package dev.naru.metadata.balance;

import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/** A cluster on which plans are made, and carried out by the rules of the metadata log. */
final class Plans {

  static final int ALL = 10_000;
  static final long MIB = 1 << 20;

  final TestCluster cluster = TestCluster.empty();
  final TreeMap<PartitionId, Long> bytes = new TreeMap<>();
  final TreeMap<NodeId, DiskUse> disks = new TreeMap<>();

  TopicId topic(String name, int partitions, int copies) {
    var id = cluster.drawTopicId();
    cluster.accept(
        new CreateTopic(
            id, name, Optional.of(partitions), Optional.of(copies), TreePMap.empty(), 7));
    return id;
  }

  /** A topic with a partition of these bytes on each of these lists of nodes, led by the first. */
  TopicId placed(String name, long size, int[]... replicas) {
    var id = topic(name, replicas.length, replicas[0].length);
    for (int number = 0; number < replicas.length; number++) {
      var partition = new PartitionId(id, number);
      move(partition, Arrays.stream(replicas[number]).mapToObj(NodeId::new).toList());
      bytes.put(partition, size);
    }
    return id;
  }

  RebalancePlan plan(RebalanceAim aim) {
    return plan(aim, ALL);
  }

  RebalancePlan plan(RebalanceAim aim, int partitionsMax) {
    return RebalancePlanner.plan(
        cluster.image(), Measured.of(bytes, disks), RebalanceRequest.of(aim, partitionsMax));
  }

  /** Moves everything there, and lets the preferred leaders lead. */
  void carryOut(RebalancePlan plan) {
    var ids = begin(plan);
    while (ids.stream().anyMatch(this::isMoving)) { // some begin when others have ended
      ids.stream().filter(this::isMoving).toList().forEach(this::catchUp);
    }
    elect(ids);
    for (var change : plan.changes()) {
      for (var node : change.to()) {
        if (!change.from().contains(node)) {
          use(node, change.partition(), 1);
        }
      }
      for (var node : change.from()) {
        if (!change.to().contains(node)) {
          use(node, change.partition(), -1);
        }
      }
    }
  }

  /** Nothing has arrived yet. */
  List<PartitionId> begin(RebalancePlan plan) {
    var placements =
        plan.changes().stream().map(each -> new Placement(each.partition(), each.to())).toList();
    cluster.accept(new ReassignPartitions(cluster.draw(), placements, OptionalLong.empty()));
    return placements.stream().map(Placement::partition).toList();
  }

  private void use(NodeId node, PartitionId partition, int sign) {
    var disk = disks.get(node);
    if (disk != null) {
      long size = bytes.getOrDefault(partition, 0L);
      disks.put(node, new DiskUse(disk.usedBytes() + sign * size, disk.totalBytes()));
    }
  }

  void move(PartitionId partition, List<NodeId> to) {
    cluster.accept(
        new ReassignPartitions(
            cluster.draw(), List.of(new Placement(partition, to)), OptionalLong.empty()));
    if (isMoving(partition)) {
      catchUp(partition);
    }
    elect(List.of(partition));
  }

  void elect(List<PartitionId> partitions) {
    cluster.accept(new ElectLeaders(partitions, ElectionKind.PREFERRED));
  }

  private boolean isMoving(PartitionId id) {
    return cluster.partition(id).move().isPresent();
  }

  /** All replicas that serve are in sync from now on. */
  void catchUp(PartitionId id) {
    var entry = cluster.partition(id);
    var isr =
        Stream.concat(
                entry.replicaNodes().stream().filter(cluster.image()::isEligible),
                entry.isr().stream())
            .distinct()
            .mapToInt(NodeId::value)
            .toArray();
    cluster.accept(cluster.proposal(id, isr));
  }

  PartitionImage entry(TopicId topic, int partition) {
    return cluster.partition(new PartitionId(topic, partition));
  }

  static int[] on(int... nodes) {
    return nodes;
  }

  static List<NodeId> nodes(int... ids) {
    return Arrays.stream(ids).mapToObj(NodeId::new).toList();
  }
}
