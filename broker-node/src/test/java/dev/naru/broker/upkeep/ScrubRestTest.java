package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrubRestTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void lastsAsTheRateSaysButNineTimesTheReadAtLeast() {
    var rest = new ScrubRest(1_000, SECOND / 2, -SECOND);

    assertThat(rest.leftNanos(-SECOND, 100)).isEqualTo(10 * SECOND);
    assertThat(rest.leftNanos(-SECOND, 1_000_000)).isEqualTo(9 * SECOND / 2);
    assertThat(rest.leftNanos(SECOND, 100)).isEqualTo(8 * SECOND);
  }

  @Test
  void endsWhenARateIsRaisedThatWasASlip() {
    var rest = new ScrubRest(1 << 20, 0, 0);

    assertThat(rest.leftNanos(SECOND, 1)).isGreaterThan(1_000_000 * SECOND);
    assertThat(rest.leftNanos(SECOND, 8 << 20)).isNegative();
  }
}
