package dev.naru.cli.doctor;

import java.util.List;

/** How evenly work is spread, and whether consumers keep up. */
final class LoadChecks {

  private static final double SKEW_MIN = 3;
  private static final double LAG_SECONDS_MIN = 300;
  private static final String UNHEARD = "no node shows its metrics";

  private LoadChecks() {}

  static List<Finding> skew(ClusterFacts facts) {
    return Doctor.orOk(
        Check.PARTITION_SKEW,
        facts.heard(),
        facts
            .series("naru_partition_skew_ratio")
            .filter(skew -> skew.value() >= SKEW_MIN)
            .map(skew ->
                new Finding(
                    Check.PARTITION_SKEW,
                    Severity.WARN,
                    "topics/" + skew.label("topic"),
                    "its busiest partition gets %.1f times the mean".formatted(skew.value()))),
        "no partition stands out",
        UNHEARD);
  }

  static List<Finding> lag(ClusterFacts facts) {
    return Doctor.orOk(
        Check.GROUP_LAG,
        facts.heard(),
        facts
            .series("naru_group_lag_seconds")
            .filter(lag -> lag.value() > LAG_SECONDS_MIN)
            .map(lag ->
                new Finding(
                    Check.GROUP_LAG,
                    Severity.WARN,
                    "groups/" + lag.label("group"),
                    "is %.0f s behind in topic %s".formatted(lag.value(), lag.label("topic")))),
        "all groups keep up",
        UNHEARD);
  }
}
