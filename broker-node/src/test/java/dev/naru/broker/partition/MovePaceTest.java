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

  /** Twelve days, if it were kept in time. */
  @Test
  void whatASlowPaceHasLeftOverIsPaidAtTheNextOne() {
    var pace = new MovePace(50 << 20, BEGIN);
    pace.change(20);
    sentWithin(pace, BEGIN, 1);

    pace.change(20 << 20);

    assertThat(sentWithin(pace, BEGIN + TICK, 10)).isBetween(18L << 20, 26L << 20);
  }

  @Test
  void whatAFastPaceHasLeftOverIsNotWaitedForAtASlowOne() {
    var pace = new MovePace(1L << 40, BEGIN);
    pace.take(1 << 30, BEGIN);

    pace.change(MovePace.BYTES_PER_SECOND_MIN);

    assertThat(pace.take(READ, BEGIN + 2 * SECOND)).isTrue();
  }

  @Test
  void manyWhoAskAtOnceTakeNoMoreThanOne() {
    var pace = new MovePace(MovePace.BYTES_PER_SECOND_MIN, BEGIN);

    assertThat(pace.take(READ, BEGIN)).isTrue();
    assertThat(pace.take(READ, BEGIN)).isFalse();
    pace.giveBack(READ - 100);
    assertThat(pace.take(READ, BEGIN)).isTrue();
  }

  @Test
  void aPaceOfNothingIsAReadASecondRatherThanAFault() {
    var pace = new MovePace(1 << 20, BEGIN);
    pace.change(0);

    assertThat(sentWithin(pace, BEGIN, 101)).isBetween(10L << 20, 12L << 20);
  }

  private static long sentWithin(MovePace pace, long from, int ticks) {
    long sent = 0;
    for (int tick = 0; tick < ticks; tick++) {
      long now = from + tick * TICK;
      while (pace.take(READ, now)) {
        sent += READ;
      }
    }
    return sent;
  }
}
