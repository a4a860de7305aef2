package dev.naru.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.naru.broker.coordinator.GroupTimers.Kind;
import dev.naru.broker.coordinator.GroupTimers.TimerKey;
import dev.naru.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  void doesTheSameAsAListWhateverComes() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          var each = new GroupTimers();
          var list = new TreeMap<Integer, Long>();
          long now = 0;
          for (int i = 0; i < 5_000; i++) {
            int number = random.nextInt(1_000);
            long deadline = now + random.nextInt(1, 500);
            switch (random.nextInt(8)) {
              case 0, 1, 2, 3 -> {
                each.set(key(number), deadline);
                list.put(number, deadline);
              }
              case 4, 5 -> {
                each.clear(key(number));
                list.remove(number);
              }
              case 6 -> {
                now += random.nextInt(20);
                assertThat(each.due(now, Integer.MAX_VALUE))
                    .containsExactlyInAnyOrderElementsOf(due(list, now));
              }
              default -> assertThat(each.isSet(key(number))).isEqualTo(list.containsKey(number));
            }
          }
          assertThat(each.due(now + 500, Integer.MAX_VALUE)).hasSameSizeAs(list.keySet());
          assertThat(each.isEmpty()).isTrue();
        });
  }

  private static TimerKey key(int number) {
    return TimerKey.of(Kind.TARGET, "group-" + number);
  }

  /** Takes out what is due. */
  private static List<TimerKey> due(Map<Integer, Long> list, long now) {
    var due = list.entrySet().stream().filter(entry -> entry.getValue() <= now).toList();
    var keys = due.stream().map(entry -> key(entry.getKey())).toList();
    list.entrySet().removeIf(entry -> entry.getValue() <= now);
    return keys;
  }

  /** As after a change of coordinator, when each member is heard before its grace is over. */
  @Test
  void movesManyToEarlierInNoTime() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 100_000; i++) {
            timers.set(key(i), 1_000);
          }
          for (int i = 0; i < 100_000; i++) {
            timers.set(key(i), 900);
          }
          for (int i = 0; i < 100_000; i++) {
            timers.clear(key(i));
          }
        });

    assertThat(timers.isEmpty()).isTrue();
    assertThat(timers.due(2_000, 9)).isEmpty();
  }

  @Test
  void theClockMayPassZero() {
    timers.set(A, Long.MAX_VALUE);
    timers.set(B, Long.MIN_VALUE + 5); // six later

    assertThat(timers.due(Long.MAX_VALUE, 9)).containsExactly(A);
    assertThat(timers.due(Long.MIN_VALUE + 5, 9)).containsExactly(B);
  }
}
