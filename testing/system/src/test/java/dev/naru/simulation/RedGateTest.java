package dev.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.naru.simulation.planted.Planted;
import dev.naru.simulation.planted.PlantedFollowerBug;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A green simulation means something only if it turns red when the cores are wrong. */
class RedGateTest {

  /** With other code below, the disk's dice fall otherwise, and another seed close by convicts. */
  private static final int NEIGHBOURS_MAX = 30;

  private static final int SEEDS_MAX = 2_000;

  @ParameterizedTest
  @MethodSource("quicklyConvicted")
  void convictsEachPlantedBugOnItsPinnedSeedOrANeighbour(Planted bug) {
    convict(bug, bug.pinnedSeed(), NEIGHBOURS_MAX);
  }

  /** But for one that takes too many seeds. */
  private static Stream<Planted> quicklyConvicted() {
    return Planted.all().stream()
        .filter(bug -> !bug.equals(PlantedFollowerBug.CUTS_WITHOUT_LOOKING));
  }

  /** Prints the seed to pin anew when the simulation has changed. */
  @ParameterizedTest
  @MethodSource("all")
  @Tag("redgate")
  void convictsEachPlantedBugWithinTheSeedsAllowed(Planted bug) {
    convict(bug, 1, SEEDS_MAX);
  }

  private static List<Planted> all() {
    return Planted.all();
  }

  private static void convict(Planted bug, long firstSeed, int seedsMax) {
    for (long seed = firstSeed; seed < firstSeed + seedsMax; seed++) {
      var convicted = run(seed, bug);
      if (convicted.isPresent()) {
        System.out.println(bug + " is convicted by " + convicted.get() + " with seed " + seed);
        assertThat(convicted.get()).isIn(bug.convictedBy());
        return;
      }
    }
    fail("Expected a conviction of %s within %d seeds, but there is none", bug, seedsMax);
  }

  private static Optional<String> run(long seed, Planted bug) {
    try {
      Simulation.run(Scenario.of(seed, bug.world()), bug);
      return Optional.empty();
    } catch (SimulationFailure failure) {
      return Optional.of(failure.invariant());
    }
  }
}
