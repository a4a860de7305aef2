package dev.naru.simulation;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** An operator who moves partitions, drains nodes, and changes his mind. */
final class SimMover {

  private final SimCluster cluster;
  private final Dice dice;
  private boolean isOver;

  SimMover(SimCluster cluster, Dice dice) {
    this.cluster = cluster;
    this.dice = dice;
  }

  void begin() {
    if (cluster.scenario().moves()) {
      actLater();
    }
  }

  /** What has begun goes on, and comes to its end once all works. */
  void end() {
    isOver = true;
  }

  private void actLater() {
    cluster.world().after(dice.between(50 * World.MILLI, World.SECOND), this::act);
  }

  private void act() {
    if (isOver) {
      return;
    }
    actLater();
    cluster
        .node(1 + dice.below(cluster.scenario().nodes()))
        .process()
        .filter(process -> process.isRunning() && process.registered().isPresent())
        .ifPresent(process -> {
          var command = command(process.image());
          cluster.tally().count(command.getClass().getSimpleName());
          cluster.controller().submit(process.node(), process.envelope(command), _ -> {});
        });
  }

  private MetadataCommand command(ClusterImage image) {
    var running = image.operations().values().stream().filter(OperationImage::isRunning).toList();
    if (!running.isEmpty() && dice.chance(0.35)) {
      return new CancelOperation(dice.pick(running).id());
    }
    var node = dice.pick(List.copyOf(image.nodes().values()));
    if (dice.chance(0.2)) {
      return node.isWanted() ? new DrainNode(draw(), node.id()) : new UndrainNode(node.id());
    }
    var id = dice.pick(cluster.partitionIds());
    return new ReassignPartitions(draw(), List.of(placement(image, id)), OptionalLong.empty());
  }

  private UUID draw() {
    return new UUID(dice.nextLong(), dice.nextLong() | 1);
  }

  /** Anywhere; mostly on nodes that look as if they served. */
  private Placement placement(ClusterImage image, PartitionId id) {
    var all = new ArrayList<NodeId>();
    image.nodes().values().stream()
        .filter(node -> node.isEligible() || dice.chance(0.1))
        .map(NodeImage::id)
        .forEach(all::add);
    var chosen = new ArrayList<NodeId>();
    int copies = cluster.scenario().replicationFactor();
    while (chosen.size() < copies && !all.isEmpty()) {
      chosen.add(all.remove(dice.below(all.size())));
    }
    return new Placement(id, chosen);
  }
}
