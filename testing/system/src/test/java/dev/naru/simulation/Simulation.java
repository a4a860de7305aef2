package dev.naru.simulation;

import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.simulation.invariant.BatchMark;
import dev.naru.simulation.invariant.Marks;
import dev.naru.simulation.invariant.Replica;
import dev.naru.simulation.invariant.Violation;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run: set a cluster up, break it for a while, heal it, and look whether everything is there.
 */
final class Simulation {

  private static final long SETUP_NANOS = 20 * World.SECOND;
  private static final long STEP_NANOS = 100 * World.MILLI;

  private final SimCluster cluster;
  private final World world;

  /**
   * What a run came to.
   *
   * @param hash the same for the same events
   * @param acknowledged batches, for all in-sync replicas
   */
  record Result(long events, long hash, long virtualNanos, long acknowledged, Tally tally) {}

  private Simulation(Scenario scenario, Rules rules) {
    cluster = new SimCluster(scenario, rules);
    world = cluster.world();
  }

  /** Runs the scenario of this seed under the product's rules. */
  static Result run(long seed) {
    return run(Scenario.of(seed), Rules.PRODUCT);
  }

  static Result run(Scenario scenario, Rules rules) {
    var simulation = new Simulation(scenario, rules);
    try {
      return simulation.run();
    } catch (RuntimeException | AssertionError e) {
      throw new SimulationFailure(scenario, rules, simulation.cluster.world(), e);
    } finally {
      simulation.cluster.nodes().forEach(node -> node.process().ifPresent(SimProcess::endPasses));
    }
  }

  private Result run() {
    cluster.begin();
    runUntil(SETUP_NANOS, cluster::areNodesActive);
    cluster.createTopic();
    cluster.beginWork();
    long start = world.elapsedNanos();
    runUntil(start + cluster.scenario().faultyNanos(), () -> false);
    cluster.heal();
    cluster.workload().stopProducing();
    long healed = world.elapsedNanos();
    runUntil(healed + cluster.scenario().lullNanos(), () -> whatIsMissing().isEmpty());
    whatIsMissing()
        .ifPresent(missing -> {
          throw missing;
        });
    return finished();
  }

  private void runUntil(long elapsedNanos, BooleanSupplier done) {
    while (!done.getAsBoolean() && world.elapsedNanos() < elapsedNanos) {
      long next = Math.min(elapsedNanos, world.elapsedNanos() + STEP_NANOS);
      while (runNext(next)) {}
      world.skipTo(next);
    }
  }

  private boolean runNext(long untilElapsedNanos) {
    try {
      return world.runNext(untilElapsedNanos);
    } catch (RuntimeException e) {
      StepCrash.behind(e).orElseThrow(() -> e).happens();
      return true;
    }
  }

  // ---- healthy again

  private Optional<Violation> whatIsMissing() {
    for (var partition : cluster.partitionIds()) {
      var entry = cluster.log().newest().partition(partition).orElseThrow();
      if (!isGivenUp(entry)) {
        var missing = whatIsMissing(partition, entry);
        if (missing.isPresent()) {
          return missing.map(what -> new Violation("Recovery", partition, what));
        }
      }
    }
    return cluster.crowd().whatIsMissing();
  }

  /**
   * With flush=os no replica is safe after unclean stops of all in sync; then it waits for a
   * person.
   */
  private boolean isGivenUp(PartitionImage entry) {
    return cluster.scenario().flush() == Flush.OS
        && cluster.scenario().recovery().isEmpty()
        && entry.leader().isEmpty()
        && entry.elr().isEmpty();
  }

  private Optional<String> whatIsMissing(PartitionId partition, PartitionImage entry) {
    var leader =
        entry
            .leader()
            .flatMap(node -> cluster.observer().scene().replica(partition, node))
            .filter(cluster.observer().scene()::isPresentLeader);
    if (leader.isEmpty()) {
      return Optional.of("has no leader: " + entry);
    }
    if (entry.move().isPresent()) {
      return Optional.of("still moves: " + entry);
    }
    if (entry.isr().size() < entry.replicas().size()) {
      return Optional.of("has an ISR of " + entry.isr() + " among " + describeNodes());
    }
    for (var replica : cluster.observer().scene().replicas(partition)) {
      if (replica.end() != leader.get().end()
          || replica.view().highWatermark() != leader.get().end()) {
        return Optional.of(
            "ends at %d, but on %s at %d with high watermark %d"
                .formatted(
                    leader.get().end(), replica, replica.end(), replica.view().highWatermark()));
      }
    }
    for (var replica : cluster.observer().scene().replicas(partition)) {
      if (replica.view().log().start() < leader.get().view().log().start()) {
        return Optional.of(
            "starts at %d, but on %s at %d"
                .formatted(
                    leader.get().view().log().start(), replica, replica.view().log().start()));
      }
    }
    return cluster.workload().whatIsMissing(partition, leader.get().end());
  }

  private List<String> describeNodes() {
    return cluster.log().newest().nodes().values().stream()
        .map(node -> "%s (epoch %s) %s".formatted(node.id(), node.epoch(), node.state()))
        .toList();
  }

  // ---- the end

  private Result finished() {
    var observer = cluster.observer();
    observer.end();
    cluster.crowd().end();
    long acknowledged = 0;
    for (var partition : cluster.partitionIds()) {
      var leader =
          cluster
              .log()
              .newest()
              .partition(partition)
              .flatMap(PartitionImage::leader)
              .flatMap(node -> observer.scene().replica(partition, node));
      if (leader.isPresent()) {
        acknowledged += checkAcknowledged(partition, leader.get());
        boolean isWhole =
            leader.get().view().log().start() == 0
                && !observer.scene().isCompacted(partition)
                && observer.scene().truth(partition).lost().isEmpty();
        if (isWhole) { // else a first copy may be gone
          new ProducerOrder(partition, cluster.workload()::resends)
              .check(leader.get().view().log());
        }
      }
    }
    cluster.nodes().forEach(node -> node.process().ifPresent(SimProcess::closePartitions));
    return new Result(
        world.executed(),
        world.trace().hash(),
        world.elapsedNanos(),
        acknowledged,
        cluster.tally());
  }

  /**
   * Within a range that was announced, or above one of which it was said that it may reach further.
   */
  private boolean isDeclared(PartitionId partition, BatchMark acknowledged) {
    var truth = cluster.observer().scene().truth(partition);
    return truth.isLost(acknowledged.base(), acknowledged.crc())
        && truth.isDeclaredOrOpen(acknowledged);
  }

  private long checkAcknowledged(PartitionId partition, Replica leader) {
    if (cluster.observer().scene().isCompacted(partition)) {
      return cluster.observer().acknowledgements().ever(partition).size(); // compared as a fold
    }
    long start = leader.view().log().start();
    var stored = Replica.scan(leader.view().log(), start);
    for (var acknowledged : cluster.observer().acknowledgements().ever(partition)) {
      boolean isThere =
          acknowledged.next() <= start // deleted, as others have looked at
              || Marks.at(stored, acknowledged.base())
                  .filter(mark -> mark.crc() == acknowledged.crc())
                  .isPresent()
              || isDeclared(partition, acknowledged);
      if (!isThere) {
        throw new Violation(
            "NoCommittedLoss", partition, "in the end " + acknowledged + " is gone");
      }
    }
    return cluster.observer().acknowledgements().ever(partition).size();
  }
}
