package dev.naru.log.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import org.junit.jupiter.api.Test;

class TrustedClockTest {

  private static final long DAY = 86_400_000;
  private static final long START = 20_000 * DAY;

  private final TrustedClock clock = new TrustedClock(START, 0);

  @Test
  void showsWhatTheWallClockShows() {
    assertThat(clock.millis(START + 5_000, nanos(5_000))).isEqualTo(START + 5_000);
  }

  @Test
  void isNotMovedByAJumpForward() {
    assertThat(clock.millis(START + 3 * DAY, nanos(5_000))).isEqualTo(START + 5_000);
    assertThat(clock.aheadMillis(START + 3 * DAY, nanos(0))).isEqualTo(3 * DAY);
  }

  @Test
  void followsAJumpBackAndComesBackWithIt() {
    assertThat(clock.millis(START - DAY, nanos(1_000))).isEqualTo(START - DAY);
    assertThat(clock.millis(START + 2_000, nanos(2_000))).isEqualTo(START + 2_000);
  }

  @Test
  void isNeverAfterTheTrueTimeWhateverTheWallClockDoes() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          long passed = 0;
          for (int i = 0; i < 100; i++) {
            passed += random.nextLong(DAY);
            long wall = START + passed + random.nextLong(-3 * DAY, 3 * DAY);

            assertThat(clock.millis(wall, nanos(passed))).isLessThanOrEqualTo(START + passed);
          }
        });
  }

  private static long nanos(long millis) {
    return millis * 1_000_000;
  }
}
