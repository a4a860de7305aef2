package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.ImagesAsked;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ShardCallsTest {

  private static final ImagesAnswer FOUND = new ImagesAnswer.Found(List.of());

  private final ShardCalls calls =
      new ShardCalls(
          group ->
              group.equals("here")
                  ? new ShardCalls.Place.Here(ShardCallsTest::answer)
                  : new ShardCalls.Place.Elsewhere(
                      new Refused(ErrorCode.NOT_LEADER, "Expected here, but was elsewhere")),
          ShardCallsTest::led,
          Duration.ofMillis(1));

  private static SortedMap<Integer, Predicate<TenantAsked>> led() {
    var doors = new TreeMap<Integer, Predicate<TenantAsked>>();
    doors.put(1, ShardCallsTest::answer);
    doors.put(2, asked -> true);
    doors.put(3, asked -> false);
    doors.put(4, ShardCallsTest::leave);
    return doors;
  }

  /** Its log cannot be written now, or its queue is full, or it has moved away. */
  @Test
  void oneThatSaysNothingKeepsNobodyWaitingForTheOthers() {
    SortedMap<Integer, ImagesAnswer> answers =
        calls.<ImagesAnswer>askAll(
            told -> new ImagesAsked(Optional.empty(), told), ImagesAnswer.Unknown::new);

    assertThat(answers.keySet()).containsExactly(1, 2, 3, 4);
    assertThat(answers.get(1)).isEqualTo(FOUND);
    assertThat(List.of(codeOf(answers, 2), codeOf(answers, 3)))
        .containsOnly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(codeOf(answers, 4)).isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void asksTheCoordinatorOfAGroupIfItIsHere() {
    assertThat(ask("here")).isEqualTo(FOUND);
    assertThat(((ImagesAnswer.Unknown) ask("there")).why().code()).isEqualTo(ErrorCode.NOT_LEADER);
  }

  private ImagesAnswer ask(String group) {
    return calls.<ImagesAnswer>ask(
        group, told -> new ImagesAsked(Optional.of(group), told), ImagesAnswer.Unknown::new);
  }

  private static ErrorCode codeOf(SortedMap<Integer, ImagesAnswer> answers, int shard) {
    return ((ImagesAnswer.Unknown) answers.getOrDefault(shard, FOUND)).why().code();
  }

  private static boolean answer(TenantAsked asked) {
    ((ImagesAsked) asked.input()).answer().accept(FOUND);
    return true;
  }

  private static boolean leave(TenantAsked asked) {
    asked.refused().accept(new Refused(ErrorCode.NOT_LEADER, "Expected a leader, but it left"));
    return true;
  }
}
