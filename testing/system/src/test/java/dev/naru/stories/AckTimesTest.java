package dev.naru.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AckTimesTest {

  /** Whatever clock it is, its origin may lie anywhere. */
  private static final long BEGIN = -77;

  @Test
  void tellsTheTimeWithinWhichMostAre() {
    var times = new AckTimes(1, BEGIN);
    for (int millis = 1; millis <= 100; millis++) {
      times.acknowledged(0, BEGIN, BEGIN + nanos(millis));
    }

    assertThat(times.quantileMillis(0.99)).isEqualTo(99.1);
    assertThat(times.quantileMillis(0.5)).isEqualTo(50.1);
  }

  @Test
  void tellsForHowLongAPartitionHadNone() {
    var times = new AckTimes(2, BEGIN);
    times.acknowledged(0, BEGIN, BEGIN);
    times.acknowledged(1, BEGIN, BEGIN + nanos(1_000));
    times.acknowledged(0, BEGIN, BEGIN + nanos(3_000));
    times.acknowledged(1, BEGIN, BEGIN + nanos(3_000));

    assertThat(times.longestGapMillis(BEGIN + nanos(3_500))).isEqualTo(3_000);
  }

  @Test
  void countsAPartitionThatHasNoneAnyMore() {
    var times = new AckTimes(2, BEGIN);
    times.acknowledged(0, BEGIN, BEGIN + nanos(4_000));

    assertThat(times.longestGapMillis(BEGIN + nanos(5_000))).isEqualTo(5_000);
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
