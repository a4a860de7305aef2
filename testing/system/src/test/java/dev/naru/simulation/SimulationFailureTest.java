package dev.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.simulation.planted.PlantedBug;
import org.junit.jupiter.api.Test;

/** What a failure leaves in the hands of whoever meets it. */
class SimulationFailureTest {

  private static final PlantedBug BUG = PlantedBug.ANSWERS_FOR_ALL_AS_FOR_THE_LEADER;

  @Test
  void saysWhatBrokeWhatCameBeforeAndHowToSeeItAgain() {
    var failure = failureOf(7);

    assertThat(failure.invariant()).isEqualTo("NoCommittedLoss");
    assertThat(failure)
        .hasMessageContaining("NoCommittedLoss, partition ")
        .hasMessageContaining("The newest events of partition ")
        .hasMessageContaining("takes      ProduceArrived")
        .hasMessageContaining(
            "Replay: ./mvnw -pl testing/system -am verify -Psimulate -Dworld=plain -Dseed=7"
                + " -Dplanted=ANSWERS_FOR_ALL_AS_FOR_THE_LEADER");
  }

  @Test
  void isTheSameFailureEachTime() {
    assertThat(withoutIdentities(failureOf(7))).isEqualTo(withoutIdentities(failureOf(7)));
  }

  private static SimulationFailure failureOf(long seed) {
    return catchThrowableOfType(
        SimulationFailure.class, () -> Simulation.run(Scenario.of(seed), BUG));
  }

  /** Objects without a text of their own print an address, which is another each time. */
  private static String withoutIdentities(SimulationFailure failure) {
    return String.valueOf(failure.getMessage()).replaceAll("@[0-9a-f]+", "");
  }
}
