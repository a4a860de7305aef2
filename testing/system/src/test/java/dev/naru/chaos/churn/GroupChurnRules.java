package dev.naru.chaos.churn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What a group owes its members, however large it is. */
final class GroupChurnRules {

  private static final long MEDIAN_MILLIS_MAX = 1000;

  private GroupChurnRules() {}

  static void expectNothingLostAndNothingPaused(GroupChurn.Report report) {
    var judge = report.judge();
    assertThat(judge.lost()).as("records that no member was given").isZero();
    assertThat(judge.doubledCommits()).as("commits below an earlier one").isZero();
    assertThat(report.pausedUnmoved()).as("pauses of partitions that stay").isZero();
    assertThat(judge.phase(GroupChurn.ROLLING).movedCount()).as("moved").isPositive();
    assertThat(judge.phase(GroupChurn.ROLLING).percentileMillis(50))
        .as("median of the time in which nobody reads a partition that moves")
        .isLessThan(MEDIAN_MILLIS_MAX);
    assertThat(judge.phase(GroupChurn.STATIC).movedCount())
        .as("moved while static members restart")
        .isZero();
    for (var calm : List.of(GroupChurn.ROLLING, GroupChurn.CHANGING, GroupChurn.STATIC)) {
      assertThat(judge.phase(calm).againCount()).as("given again while " + calm).isZero();
    }
  }

  static void expectTheKilledToBeReplacedInTime(GroupChurn.Report report) {
    assertThat(report.judge().phase(GroupChurn.KILLED).longestMillis())
        .as("until others read what killed members had")
        .isLessThan(report.killedLimitMillis());
  }
}
