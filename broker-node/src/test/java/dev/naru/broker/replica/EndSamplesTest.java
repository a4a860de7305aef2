package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndSamplesTest {

  private static final long TICK = Duration.ofMillis(100).toNanos();

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 150, 199, 1_000, 6_000, 60_000})
  void remembersTheEndOfThatLongAgoHoweverShortTheLag(int lagMillis) {
    long lag = Duration.ofMillis(lagMillis).toNanos();
    var samples = new EndSamples(lag);

    long now = 0;
    for (; now <= 2 * lag + 10 * TICK; now += TICK) {
      samples.note(now, now);
    }

    long step = Math.max(lag / 32, TICK);
    assertThat(samples.endBeforeLag(now).orElseThrow()).isBetween(now - lag - 2 * step, now - lag);
  }

  @Test
  void forgetsWhatItKnewWhenTheNodeSlept() {
    var samples = new EndSamples(6_000 * 1_000_000L);
    for (int i = 0; i < 100; i++) {
      samples.note(i * TICK, i);
    }

    samples.note(100 * TICK + Duration.ofSeconds(4).toNanos(), 100);

    assertThat(samples.endBeforeLag(100 * TICK + Duration.ofSeconds(5).toNanos())).isEmpty();
  }

  @Test
  void tellsForHowLongSomebodyHasBeenBehind() {
    var samples = new EndSamples(32 * TICK);
    for (int i = 0; i <= 10; i++) {
      samples.note(i * TICK, 100L * i);
    }
    long now = 10 * TICK + TICK / 2;

    assertThat(samples.nanosBehind(now, 1_000)).as("has what there was").isZero();
    assertThat(samples.nanosBehind(now, 950)).isEqualTo(TICK / 2);
    assertThat(samples.nanosBehind(now, 700)).isEqualTo(2 * TICK + TICK / 2);
    assertThat(samples.nanosBehind(now, -1)).as("all that is remembered").isEqualTo(now);
  }
}
