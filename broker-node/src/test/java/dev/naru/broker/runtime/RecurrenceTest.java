package dev.naru.broker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecurrenceTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicReference<Duration> interval = new AtomicReference<>(Duration.ofHours(1));
  private final Recurrence recurrence = new Recurrence(interval::get, -5 * SECOND);

  @Test
  void isDueOnceAnInterval() {
    assertThat(recurrence.isDue(3594 * SECOND)).isFalse();
    assertThat(recurrence.isDue(3595 * SECOND)).isTrue();
    assertThat(recurrence.isDue(3596 * SECOND)).isFalse();
    assertThat(recurrence.isDue(7195 * SECOND)).isTrue();
  }

  @Test
  void countsAnotherIntervalFromTheLastTimeOn() {
    interval.set(Duration.ofSeconds(10));

    assertThat(recurrence.isDue(4 * SECOND)).isFalse();
    assertThat(recurrence.isDue(5 * SECOND)).isTrue();
    interval.set(Duration.ofDays(36_500));
    assertThat(recurrence.isDue(15 * SECOND)).isFalse();
  }
}
