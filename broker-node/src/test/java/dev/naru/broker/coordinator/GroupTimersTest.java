package dev.naru.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.GroupTimers.Kind;
import dev.naru.broker.coordinator.GroupTimers.TimerKey;
import org.junit.jupiter.api.Test;

class GroupTimersTest {

  private static final TimerKey A = TimerKey.of(Kind.TARGET, "a");
  private static final TimerKey B = TimerKey.of(Kind.TARGET, "b");
  private static final TimerKey C = TimerKey.of(Kind.TARGET, "c");

  private final GroupTimers timers = new GroupTimers();

  @Test
  void givesOutWhatIsDueInOrderAndOnce() {
    timers.set(B, 20);
    timers.set(A, 10);
    timers.set(C, 31);

    assertThat(timers.due(30, 9)).containsExactly(A, B);
    assertThat(timers.due(30, 9)).isEmpty();
    assertThat(timers.isEmpty()).isFalse();
    assertThat(timers.due(31, 9)).containsExactly(C);
    assertThat(timers.isEmpty()).isTrue();
  }

  @Test
  void givesOutNoMoreThanIsWanted() {
    timers.set(A, 10);
    timers.set(B, 10);

    assertThat(timers.due(30, 1)).containsExactly(A);
    assertThat(timers.due(30, 1)).containsExactly(B);
  }

  @Test
  void canBeMovedToLaterAndToEarlier() {
    timers.set(A, 10);
    timers.set(A, 20);
    timers.set(B, 50);
    timers.set(B, 15);

    assertThat(timers.due(12, 9)).isEmpty();
    assertThat(timers.due(17, 9)).containsExactly(B);
    assertThat(timers.due(20, 9)).containsExactly(A);
    assertThat(timers.due(99, 9)).isEmpty();
  }

  @Test
  void canBeClearedAndSetAgain() {
    timers.set(A, 10);
    timers.clear(A);
    timers.clear(B);
    timers.set(A, 30);

    assertThat(timers.due(20, 9)).isEmpty();
    assertThat(timers.due(30, 9)).containsExactly(A);
  }

  @Test
  void canBePostponedAllTogether() {
    timers.set(A, 10);
    timers.set(B, 5);
    timers.set(B, 20);
    timers.postpone(100);

    assertThat(timers.due(109, 9)).isEmpty();
    assertThat(timers.due(110, 9)).containsExactly(A);
    assertThat(timers.due(120, 9)).containsExactly(B);
  }

  @Test
  void theClockMayPassZero() {
    timers.set(A, Long.MAX_VALUE);
    timers.set(B, Long.MIN_VALUE + 5); // six later

    assertThat(timers.due(Long.MAX_VALUE, 9)).containsExactly(A);
    assertThat(timers.due(Long.MIN_VALUE + 5, 9)).containsExactly(B);
  }
}
