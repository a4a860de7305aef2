package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MovePaceTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long TICK = SECOND / 10;
  private static final int READ = 1 << 20;

  /** Whatever clock it is, its origin may lie anywhere. */
  private static final long BEGIN = Math.subtractExact(Long.MAX_VALUE, 5 * SECOND);

  @Test
  void keepsItsPaceThoughItIsAskedWithEachTickOnly() {
    var pace = new MovePace(50 << 20, BEGIN);

    long sent = sentWithin(pace, BEGIN, 10);

    assertThat(sent).isBetween(50L << 20, (50L << 20) + (12 << 20));
  }

  @Test
  void whatWasNotSentInTimeIsNotMadeUpFor() {
    var pace = new MovePace(50 << 20, BEGIN);

    long sent = sentWithin(pace, BEGIN + 100 * SECOND, 1);

    assertThat(sent).isLessThanOrEqualTo(12L << 20);
  }

  @Test
  void anotherPaceHoldsFromNowOn() {
    var pace = new MovePace(50 << 20, BEGIN);
    sentWithin(pace, BEGIN, 10);

    pace.change(10 << 20);

    assertThat(sentWithin(pace, BEGIN + SECOND, 10)).isBetween(7L << 20, 13L << 20);
  }

  @Test
  void aPaceOfNothingIsAByteASecondRatherThanAFault() {
    var pace = new MovePace(1 << 20, BEGIN);
    pace.change(0);

    pace.sent(1, BEGIN);

    assertThat(pace.maySend(BEGIN)).isFalse();
  }

  private static long sentWithin(MovePace pace, long from, int ticks) {
    long sent = 0;
    for (int tick = 0; tick < ticks; tick++) {
      long now = from + tick * TICK;
      while (pace.maySend(now)) {
        pace.sent(READ, now);
        sent += READ;
      }
    }
    return sent;
  }
}
