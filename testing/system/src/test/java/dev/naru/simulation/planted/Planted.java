package dev.naru.simulation.planted;

import dev.naru.broker.replica.SafetyRules;
import dev.naru.simulation.Rules;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Rules of which one is wrong on purpose. */
public interface Planted extends Rules {

  /** What has to happen besides, so that it shows. */
  enum World {
    PLAIN,
    /** The disk of a node forgets bits. */
    ROTTEN,
    /** Old records are deleted. */
    RETAINING,
    /** Only the newest record of each key is kept. */
    COMPACTING,
    /** The replicas of a node that leads many partitions are cut off. */
    STORMY,
    /** More breaks than any safe replica survives, and what is left leads. */
    LOSING,
    /** Groups consume. */
    GROUPS,
    /** Replicas move to other nodes. */
    MOVING
  }

  World world();

  /** A seed that convicts it, or is followed by one that does. */
  long pinnedSeed();

  /** The invariants that may. */
  List<String> convictedBy();

  @Override
  default SafetyRules safety() {
    return SafetyRules.PRODUCT;
  }

  /** Every bug there is. */
  static List<Planted> all() {
    return Stream.<Planted[]>of(
            PlantedBug.values(),
            PlantedFollowerBug.values(),
            PlantedIsrBug.values(),
            PlantedLogBug.values(),
            PlantedMoveBug.values(),
            PlantedProducerBug.values(),
            PlantedGroupBug.values())
        .flatMap(Arrays::stream)
        .toList();
  }
}
