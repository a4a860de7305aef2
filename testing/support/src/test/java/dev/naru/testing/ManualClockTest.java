package dev.naru.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {

  private final ManualClock clock = ManualClock.startedAt(Instant.parse("2026-05-05T05:05:05Z"));

  @Test
  void standsStillUntilItIsTurned() {
    assertThat(clock.nanoTime()).isEqualTo(clock.nanoTime()).isNotZero();
    assertThat(clock.instant()).isEqualTo("2026-05-05T05:05:05Z");
  }

  @Test
  void turnsBothKindsOfTimeTogether() {
    long before = clock.nanoTime();

    clock.advance(Duration.ofSeconds(3));

    assertThat(clock.nanoTime() - before).isEqualTo(3_000_000_000L);
    assertThat(clock.instant()).isEqualTo("2026-05-05T05:05:08Z");
    assertThat(clock.millis()).isEqualTo(clock.instant().toEpochMilli());
  }

  @Test
  void refusesToGoBack() {
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .hasMessage("Expected time to go forward, but was PT-0.000000001S");
  }
}
