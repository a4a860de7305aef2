package dev.naru.simulation;

import dev.naru.log.segment.SegmentName;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.types.PartitionId;
import java.util.Set;
import java.util.TreeSet;

/** The disk of one node forgets bits of what it had kept: at most once in each partition. */
final class Rot {

  private final SimCluster cluster;
  private final Dice dice;
  private final int node;
  private final Set<PartitionId> rotten = new TreeSet<>();
  private boolean isOver;

  Rot(SimCluster cluster, Dice dice) {
    this.cluster = cluster;
    this.dice = dice;
    node = 1 + dice.below(cluster.scenario().nodes());
  }

  void begin() {
    if (cluster.scenario().rots()) {
      next();
    }
  }

  void end() {
    isOver = true;
  }

  private void next() {
    cluster
        .world()
        .after(
            dice.between(100 * World.MILLI, 2 * World.SECOND),
            () -> {
              if (!isOver) {
                cluster.node(node).process().ifPresent(this::strike);
                next();
              }
            });
  }

  /** Only what counts as durable, on record too: above that, damage may pass for a torn tail. */
  private void strike(SimProcess process) {
    for (var log : process.storage().logs().values()) {
      var durable =
          log.view().closed().stream()
              .filter(segment -> segment.end() <= log.durableEnd())
              .toList();
      boolean isPossible =
          !durable.isEmpty()
              && !rotten.contains(log.id())
              && process.partition(log.id()).isPresent(); // else the observer has yet to read it
      if (isPossible && dice.chance(0.5)) {
        rotten.add(log.id());
        cluster.observer().scene().rotted(log.id(), process.machine().nodeId());
        var victim = dice.pick(durable);
        String name = log.id() + "/" + new SegmentName(victim.base(), Part.LOG);
        cluster.node(node).rot(name, dice.below(victim.bytes()), 1 << dice.below(8));
        cluster.world().trace().note(node, "fault", "ROT in " + name);
        cluster.tally().count("ROT");
      }
    }
  }

  /** Whether it is true that this replica is damaged, or was. */
  boolean hasStruck(int at, PartitionId partition) {
    return at == node && rotten.contains(partition);
  }
}
