package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogsToMakeTest {

  private final ArrayDeque<Runnable> chores = new ArrayDeque<>();
  private final ArrayDeque<Runnable> paused = new ArrayDeque<>();
  private final List<Integer> made = new ArrayList<>();
  private final LogsToMake logs = new LogsToMake(chores::add, paused::add);

  @Test
  void areMadeInOrderOnceThePauseIsOver() {
    add(2);
    add(0);
    add(1);
    runChores();
    assertThat(made).isEmpty();

    endPause();

    assertThat(made).containsExactly(0, 1, 2);
  }

  @Test
  void leaveOtherChoresTheirTurn() {
    int count = 2 * LogsToMake.TURN + 1;
    IntStream.range(0, count).forEach(this::add);
    var madeBefore = new ArrayList<Integer>();

    paused.remove().run();
    chores.add(() -> madeBefore.add(made.size()));
    runChores();

    assertThat(madeBefore).containsExactly(2 * LogsToMake.TURN);
    assertThat(made).hasSize(count);
  }

  @Test
  void oneThatSomebodyAsksForIsMadeAtOnceAndOnce() {
    add(0);
    add(1);

    logs.hurry(partition(1));
    logs.hurry(partition(1));
    logs.hurry(partition(7));
    runChores();
    assertThat(made).containsExactly(1);

    endPause();
    assertThat(made).containsExactly(1, 0);
  }

  @Test
  void oneThatIsTakenAwayIsNotMade() {
    add(0);
    add(1);

    assertThat(logs.remove(partition(0))).isTrue();
    logs.hurry(partition(0));
    endPause();

    assertThat(made).containsExactly(1);
    assertThat(logs.remove(partition(1))).as("has been made").isFalse();
  }

  @Test
  void whatComesAfterTheLastTurnHasAPauseOfItsOwn() {
    add(0);
    endPause();

    add(1);
    runChores();
    assertThat(made).containsExactly(0);

    endPause();
    assertThat(made).containsExactly(0, 1);
    assertThat(paused).isEmpty();
  }

  @Test
  void oneThatFailsKeepsNoneFromBeingMade() {
    logs.add(
        partition(0),
        () -> {
          throw new IllegalStateException("a bug");
        });
    add(1);

    assertThatThrownBy(() -> paused.remove().run()).hasMessage("a bug");
    runChores();

    assertThat(made).containsExactly(1);
  }

  private void add(int number) {
    logs.add(partition(number), () -> made.add(number));
  }

  private void endPause() {
    paused.remove().run();
    runChores();
  }

  private void runChores() {
    while (!chores.isEmpty()) {
      chores.remove().run();
    }
  }

  private static PartitionId partition(int number) {
    return new PartitionId(TopicId.of(1, 1), number);
  }
}
