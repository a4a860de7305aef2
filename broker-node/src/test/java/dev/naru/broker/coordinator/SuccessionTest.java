package dev.naru.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two coordinators at a time, of which one does not know that it is deposed. */
class SuccessionTest {

  private static final int SEEDS = 300;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noTwoMembersEverReadOnePartition(boolean areTrusting) {
    for (long seed = 0; seed < SEEDS; seed++) {
      var story = new Succession(new SplittableRandom(seed), OneShard.GRACE, true, areTrusting);

      assertThat(story.play()).as("seed %d", seed).isEmpty();
      assertThat(story.isSettled()).as("seed %d: all is read in the end", seed).isTrue();
    }
  }

  @Test
  void itWouldBeSeenIfADeposedCoordinatorProlongedLeases() {
    assertThat(firstSeedThatFails(OneShard.GRACE, false)).isPresent();
  }

  @Test
  void itWouldBeSeenIfASuccessorGaveNoGrace() {
    assertThat(firstSeedThatFails(Duration.ZERO, true)).isPresent();
  }

  private static OptionalLong firstSeedThatFails(Duration grace, boolean knowsItsLease) {
    return LongStream.range(0, 20L * SEEDS)
        .filter(seed ->
            new Succession(new SplittableRandom(seed), grace, knowsItsLease, false)
                .play()
                .isPresent())
        .findFirst();
  }
}
