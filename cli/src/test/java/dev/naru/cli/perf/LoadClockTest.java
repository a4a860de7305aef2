package dev.naru.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoadClockTest {

  private final AtomicLong nanos = new AtomicLong(-5); // System.nanoTime() may be negative

  @Test
  void countsTheDurationFromTheEndOfTheWarmup() {
    var clock = LoadClock.start(load(Duration.ofSeconds(10), Duration.ofSeconds(3)), nanos::get);

    assertThat(clock.isWarmingUp()).isTrue();
    assertThat(clock.warmupSecondsLeft()).isEqualTo(10);

    nanos.addAndGet(Duration.ofSeconds(12).toNanos());
    assertThat(clock.isWarmingUp()).isFalse();
    assertThat(clock.isOver(nanos.get())).isFalse();
    assertThat(clock.countedNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(clock.isOver(nanos.get())).isTrue();
  }

  @Test
  void countsAtOnceWithoutAWarmup() {
    assertThat(
            LoadClock.start(load(Duration.ZERO, Duration.ofSeconds(1)), nanos::get).isWarmingUp())
        .isFalse();
  }

  private static Load load(Duration warmup, Duration counted) {
    return new Load(
        "t", warmup, OptionalLong.empty(), Optional.of(counted), 10, Optional.empty(), 0, 1, 0);
  }
}
