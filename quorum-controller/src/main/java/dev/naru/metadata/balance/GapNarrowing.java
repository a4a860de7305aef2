package dev.naru.metadata.balance;

import dev.naru.metadata.balance.Step.Narrows;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds steps that make nodes more even: from the fullest node that can give one to where it
 * narrows the gap most. With each of them the sum of the squares of how full nodes are gets
 * smaller.
 *
 * <p>It looks at groups of partitions that are alike, and in each for the best weight: a few dozen
 * looks among ten nodes, some thousand among a hundred.
 */
final class GapNarrowing {

  /** Nodes that differ by less of the mean are even: to copy data for it is not worth it. */
  private static final double TOLERANCE = 0.1;

  /** What narrows most; between equals the smaller one, and then always the same. */
  private static final Comparator<Narrows> ORDER =
      Comparator.comparingDouble(Narrows::gain)
          .reversed()
          .thenComparingLong(step -> step.partition().weight)
          .thenComparingInt(step -> step.partition().number)
          .thenComparing(step -> step.to().node());

  private final Ground ground;
  private final Holdings holdings;
  private final Effort effort;
  private boolean isRoomLater;

  GapNarrowing(Ground ground, Holdings holdings, Effort effort) {
    this.ground = ground;
    this.holdings = holdings;
    this.effort = effort;
  }

  /** Whether the last look found no room that there will be once the plan has been carried out. */
  boolean isRoomLater() {
    return isRoomLater;
  }

  /** The next step; empty where all is even enough. */
  Optional<Narrows> step() {
    isRoomLater = false;
    var sorted = holdings.byFullness();
    for (var from : sorted.reversed()) {
      var best = bestFrom(from, sorted);
      if (best.isPresent()) {
        return best;
      }
    }
    return Optional.empty();
  }

  private Optional<Narrows> bestFrom(Holder from, List<Holder> sorted) {
    long heaviest = from.groups().stream().mapToLong(Alike::heaviest).max().orElse(0);
    Optional<Narrows> best = Optional.empty();
    for (var to : sorted) {
      if (from.full() - to.full() <= TOLERANCE * holdings.mean()) {
        break; // and those behind it are fuller
      }
      if (best.isEmpty() || best.get().gain() < from.gainMax(to, heaviest)) {
        best = better(best, bestBetween(from, to));
      }
    }
    return best;
  }

  private Optional<Narrows> bestBetween(Holder from, Holder to) {
    long weight = from.bestWeight(to);
    int rack = ground.rackNumber(to.node());
    Optional<Narrows> best = Optional.empty();
    for (var group : from.groups()) {
      effort.look();
      if (effort.isOver()) {
        break;
      }
      if (!group.partitions().isEmpty() && group.mayGo(from.node(), to.node(), rack)) {
        for (var partition : group.nearest(weight, to.roomLater())) {
          best = better(best, fitting(partition, group, from, to));
        }
      }
    }
    return best;
  }

  /** This one, or, where there is no room for it yet, the heaviest for which there is. */
  private Optional<Narrows> fitting(Movable partition, Alike group, Holder from, Holder to) {
    var step = narrows(partition, from, to);
    if (step.isEmpty() || to.hasRoom(partition.weight)) {
      return step;
    }
    isRoomLater |= to.hasRoomLater(partition.weight);
    return group.nearest(from.bestWeight(to), to.room()).stream()
        .findFirst()
        .flatMap(lighter -> narrows(lighter, from, to));
  }

  /** Empty if it would narrow nothing. */
  private static Optional<Narrows> narrows(Movable partition, Holder from, Holder to) {
    double gain = from.gain(to, partition.weight);
    return gain > 0 ? Optional.of(new Narrows(partition, from, to, gain)) : Optional.empty();
  }

  private static Optional<Narrows> better(Optional<Narrows> one, Optional<Narrows> other) {
    return one.isEmpty() || (other.isPresent() && ORDER.compare(other.get(), one.get()) < 0)
        ? other
        : one;
  }
}
