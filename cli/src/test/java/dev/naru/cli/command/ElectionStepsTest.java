package dev.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionStepsTest {

  @Test
  void areOfAFewEach() {
    assertThat(ElectionSteps.of(numbers(10)))
        .containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 199, 200, 201, 1_000, 99_999})
  void areNotManyAndHoldAllInTheirOrder(int count) {
    var steps = ElectionSteps.of(numbers(count));

    assertThat(steps).hasSizeLessThanOrEqualTo(ElectionSteps.STEPS_MAX);
    assertThat(steps.stream().flatMap(List::stream)).isEqualTo(numbers(count));
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
