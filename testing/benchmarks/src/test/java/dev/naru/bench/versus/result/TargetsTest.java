package dev.naru.bench.versus.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.bench.versus.result.Target.Verdict;
import org.junit.jupiter.api.Test;

class TargetsTest {

  @Test
  void judgesWhatShouldBeHigh() {
    var target = Target.higher("P1", "x", "x", Measure.RECORDS_PER_SECOND, 10, 6);

    assertThat(target.verdict(10)).isEqualTo(Verdict.GOAL);
    assertThat(target.verdict(9.9)).isEqualTo(Verdict.MUST);
    assertThat(target.verdict(5.9)).isEqualTo(Verdict.MISSED);
  }

  @Test
  void judgesWhatShouldBeLow() {
    var target = Target.lower("P9", "x", "x", Measure.P50_MILLIS, 0.5, 1);

    assertThat(target.verdict(0.5)).isEqualTo(Verdict.GOAL);
    assertThat(target.verdict(1)).isEqualTo(Verdict.MUST);
    assertThat(target.verdict(1.1)).isEqualTo(Verdict.MISSED);
  }

  @Test
  void judgesByTheOneLimitThereIs() {
    var target = Target.higher("P4", "x", "x", Measure.RECORDS_PER_SECOND, 3, 3);

    assertThat(target.withoutGoal().verdict(3)).isEqualTo(Verdict.GOAL);
    assertThat(target.withoutGoal().verdict(2)).isEqualTo(Verdict.MISSED);
    assertThat(target.withoutMust().verdict(2)).isEqualTo(Verdict.MISSED);
  }
}
