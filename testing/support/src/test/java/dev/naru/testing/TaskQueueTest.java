package dev.naru.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskQueueTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = ManualClock.started();
  private final TaskQueue queue = new TaskQueue(clock);
  private final List<String> ran = new ArrayList<>();

  @Test
  void runsInOrderOfTimeAndThenOfArrival() {
    queue.schedule(SECOND.multipliedBy(2), () -> ran.add("late"));
    queue.schedule(SECOND, () -> ran.add("first"));
    queue.schedule(SECOND, () -> ran.add("second"));
    queue.execute(() -> ran.add("now"));

    queue.runAll();

    assertThat(ran).containsExactly("now", "first", "second", "late");
  }

  @Test
  void showsATaskTheTimeItWasDueAt() {
    long start = clock.nanoTime();
    queue.schedule(SECOND, () -> ran.add("at " + (clock.nanoTime() - start)));

    queue.runFor(SECOND.multipliedBy(5));

    assertThat(ran).containsExactly("at 1000000000");
    assertThat(clock.nanoTime() - start).isEqualTo(SECOND.multipliedBy(5).toNanos());
  }

  @Test
  void leavesWhatIsDueLater() {
    tickEverySecond();

    queue.runFor(SECOND.multipliedBy(3));

    assertThat(ran).hasSize(3);
    assertThat(queue.untilNext()).contains(SECOND);
  }

  @Test
  void doesNotRunWhatWasCancelled() {
    var task = queue.schedule(SECOND, () -> ran.add("never"));

    assertThat(task.cancel()).isTrue();
    queue.runAll();

    assertThat(ran).isEmpty();
    assertThat(task.cancel()).isFalse();
    assertThat(queue.untilNext()).isEmpty();
  }

  @Test
  void runsLateWhatTheClockWasTurnedPast() {
    queue.schedule(SECOND, () -> ran.add("late"));
    clock.advance(SECOND.multipliedBy(9));

    queue.runFor(Duration.ZERO);

    assertThat(ran).containsExactly("late");
  }

  @Test
  void refusesADelayIntoThePast() {
    assertThatThrownBy(() -> queue.schedule(SECOND.negated(), () -> {}))
        .hasMessageContaining("Expected a delay that is not negative");
  }

  private void tickEverySecond() {
    queue.schedule(
        SECOND,
        () -> {
          ran.add("tick");
          tickEverySecond();
        });
  }
}
