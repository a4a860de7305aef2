package dev.naru.metadata.balance;

import dev.naru.metadata.balance.Step.Mends;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds steps for partitions that use fewer racks than they could: one replica goes from a rack
 * that holds two to one that holds none, off the fullest node and onto the emptiest.
 */
final class RackMending {

  private final Ground ground;
  private final Holdings holdings;
  private final Effort effort;
  private boolean isRoomLater;

  RackMending(Ground ground, Holdings holdings, Effort effort) {
    this.ground = ground;
    this.holdings = holdings;
    this.effort = effort;
  }

  /** Those that use fewer racks than they could now, in order; forgets what had no room. */
  List<Movable> begin() {
    isRoomLater = false;
    return crowded();
  }

  /** Those that use fewer racks than they could, in order. */
  List<Movable> crowded() {
    return holdings.groups().stream()
        .filter(group -> ground.spread(group.nodes()).racks() < ground.racksFor(group.nodes()))
        .flatMap(group -> group.partitions().stream())
        .sorted(Comparator.comparingInt(each -> each.number))
        .toList();
  }

  /** Whether a step found no room that there will be once the plan has been carried out. */
  boolean isRoomLater() {
    return isRoomLater;
  }

  /** The step for this one, if there are both racks, and room. */
  Optional<Mends> step(Movable partition) {
    var sorted = holdings.byFullness();
    var replicas = partition.planned();
    for (var from : sorted.reversed()) {
      effort.look();
      if (replicas.contains(from.node())) {
        var to = target(partition, from, sorted);
        if (to.isPresent()) {
          return Optional.of(new Mends(partition, from, to.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** The first with room, where the partition would use one rack more. */
  private Optional<Holder> target(Movable partition, Holder from, List<Holder> sorted) {
    var replicas = partition.planned();
    int racks = ground.spread(replicas).racks();
    for (var to : sorted) {
      effort.look();
      if (!replicas.contains(to.node())
          && ground.spread(partition.with(from.node(), to.node())).racks() > racks) {
        if (to.hasRoom(partition.weight)) {
          return Optional.of(to);
        }
        isRoomLater |= to.hasRoomLater(partition.weight);
      }
    }
    return Optional.empty();
  }
}
