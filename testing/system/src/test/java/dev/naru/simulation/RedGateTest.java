package dev.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.naru.simulation.planted.Planted;
import dev.naru.simulation.planted.PlantedBug;
import dev.naru.simulation.planted.PlantedIsrBug;
import dev.naru.simulation.planted.PlantedLogBug;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A green simulation means something only if it turns red when the cores are wrong. */
class RedGateTest {

  /** With other code below, the disk's dice fall otherwise, and another seed close by convicts. */
  private static final int NEIGHBOURS_MAX = 30;

  private static final int SEEDS_MAX = 2_000;

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = "CUTS_WITHOUT_LOOKING") // takes too many seeds
  void convictsEachPlantedBugOnItsPinnedSeedOrANeighbour(PlantedBug bug) {
    convict(bug, bug.pinnedSeed(), NEIGHBOURS_MAX);
  }

  /** Prints the seed to pin anew when the simulation has changed. */
  @ParameterizedTest
  @EnumSource
  @Tag("redgate")
  void convictsEachPlantedBugWithinTheSeedsAllowed(PlantedBug bug) {
    convict(bug, 1, SEEDS_MAX);
  }

  @ParameterizedTest
  @EnumSource
  void convictsEachPlantedBugOfLogsOnItsPinnedSeedOrANeighbour(PlantedLogBug bug) {
    convict(bug, bug.pinnedSeed(), NEIGHBOURS_MAX);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("redgate")
  void convictsEachPlantedBugOfLogsWithinTheSeedsAllowed(PlantedLogBug bug) {
    convict(bug, 1, SEEDS_MAX);
  }

  @ParameterizedTest
  @EnumSource
  void convictsEachPlantedBugOfIsrsOnItsPinnedSeedOrANeighbour(PlantedIsrBug bug) {
    convict(bug, bug.pinnedSeed(), NEIGHBOURS_MAX);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("redgate")
  void convictsEachPlantedBugOfIsrsWithinTheSeedsAllowed(PlantedIsrBug bug) {
    convict(bug, 1, SEEDS_MAX);
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
