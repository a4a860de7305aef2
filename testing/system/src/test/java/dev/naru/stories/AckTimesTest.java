package dev.naru.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AckTimesTest {

  @Test
  void tellsTheTimeWithinWhichMostAre() {
    var times = new AckTimes(1);
    for (int millis = 1; millis <= 100; millis++) {
      times.acknowledged(0, 0, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    assertThat(times.quantileMillis(0.99)).isEqualTo(99.1);
    assertThat(times.quantileMillis(0.5)).isEqualTo(50.1);
  }

  @Test
  void tellsForHowLongAPartitionHadNone() {
    var times = new AckTimes(2);
    long now = System.nanoTime();
    times.acknowledged(0, now, now);
    times.acknowledged(1, now, now + TimeUnit.SECONDS.toNanos(1));
    times.acknowledged(0, now, now + TimeUnit.SECONDS.toNanos(3));
    times.acknowledged(1, now, now + TimeUnit.SECONDS.toNanos(3));

    assertThat(times.longestGapMillis()).isEqualTo(3_000);
  }

  @Test
  void countsAPartitionThatHasNoneAnyMore() {
    var times = new AckTimes(1);
    long begun = System.nanoTime();

    while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(2)) {
      Thread.onSpinWait();
    }

    assertThat(times.longestGapMillis()).isPositive();
  }
}
