package dev.naru.bench.versus.report;

import dev.naru.bench.versus.result.Contender;
import dev.naru.bench.versus.result.Measure;
import dev.naru.bench.versus.result.Outcome;
import dev.naru.bench.versus.result.Results;
import dev.naru.testing.Golden;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final List<Setting> SETTINGS =
      List.of(new Setting("processor", "2 x \"fast\""), new Setting("command", "a | b"));

  @Test
  void givesMediansAndRatiosAndWhatFailed() {
    var results = results();

    Golden.of(ReportTest.class).assertText("report.md", MarkdownReport.of(SETTINGS, results));
    Golden.of(ReportTest.class).assertText("report.json", JsonReport.of(SETTINGS, results));
  }

  private static Results results() {
    var results = new Results();
    for (int round = 1; round <= 3; round++) {
      results.add(outcome("produce-100B", Contender.KAFKA, round, 200_000 + round, 0.01));
      results.add(outcome("produce-100B", Contender.NARU, round, 1_500_000 * round, 0.02));
    }
    results.add(outcome("produce-100B-tuned", Contender.KAFKA, 1, 600_000, 0.35));
    results.addFailure("e2e, Kafka, round 1: Expected it to end, but it did not\n  its last line");
    return results;
  }

  private static Outcome outcome(
      String name, Contender contender, int round, double perSecond, double others) {
    return new Outcome(
        name,
        contender,
        round,
        Map.of(Measure.RECORDS_PER_SECOND, perSecond, Measure.P99_MILLIS, 1.2345 * round),
        others,
        0.25);
  }
}
