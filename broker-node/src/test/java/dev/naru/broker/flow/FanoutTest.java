package dev.naru.broker.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FanoutTest {

  private final Fanout fanout = new Fanout();
  private long nowNanos;

  @Test
  void isNoNumberWhileNothingComesIn() {
    assertThat(look(0, 0)).isNaN();
    assertThat(look(0, 700)).as("somebody reads what is old").isNaN();
  }

  @Test
  void isWhatGoesOutForWhatComesIn() {
    look(1_000, 9_000);

    assertThat(look(1_100, 9_300)).isEqualTo(3);
  }

  @Test
  void forgetsWhatWasMoreThanFiveMinutesAgo() {
    look(0, 0);
    look(1_000, 50_000);
    for (int i = 0; i < 70; i++) {
      look(1_000 + i, 50_000 + 2 * i);
    }

    assertThat(look(1_070, 50_140)).isBetween(1.9, 2.1);
  }

  private double look(long in, long out) {
    nowNanos += Duration.ofSeconds(5).toNanos();
    return fanout.look(nowNanos, in, out);
  }
}
