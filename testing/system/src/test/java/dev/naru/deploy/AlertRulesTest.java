package dev.naru.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertRulesTest {

  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
  private static final Pattern RECORD = Pattern.compile("(?m)^ +- record: (\\S+)$");
  private static final Pattern EXPR =
      Pattern.compile("(?m)^ +expr: (?:>-\\n)?((?:.+\\n)+?)(?= +\\w+:| +- |\\z)");
  private static final Pattern RUNBOOK =
      Pattern.compile("(?m)^ +runbook_url: ([^#\\s]+)(?:#(\\S+))?$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  @Tag("S51")
  void eachRuleFiresOnARecordedSeriesAndNotBeside() throws IOException, InterruptedException {
    var tested = Files.readString(DeployFiles.RULES_TEST);

    assertThat(alerts()).allMatch(alert -> tested.contains("alertname=\"" + alert + "\""));
    assertThat(Promtool.run("", "test", "rules", DeployFiles.RULES_TEST.toString()))
        .contains("SUCCESS");
  }

  @Test
  void rulesSpeakOfMetricsThatNodesShow() throws IOException {
    var rules = Files.readString(DeployFiles.RULES);
    var unknown = new TreeSet<String>();
    for (var expr : EXPR.matcher(rules).results().toList()) {
      unknown.addAll(DeployFiles.metricsIn(expr.group(1)));
    }
    assertThat(unknown).hasSizeGreaterThan(15); // or nothing was read

    unknown.removeIf(name -> KnownMetrics.ofSeries(name).isPresent() || name.contains(":"));

    assertThat(unknown).isEmpty();
  }

  @Test
  void eachAlertLeadsToAPageThatIsThere() throws IOException {
    var links = RUNBOOK.matcher(Files.readString(DeployFiles.RULES)).results().toList();
    var broken = new ArrayList<String>();

    for (var link : links) {
      if (!leadsSomewhere(link)) {
        broken.add(link.group().strip());
      }
    }

    assertThat(links).hasSameSizeAs(alerts());
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(MatchResult link) throws IOException {
    var page = DeployFiles.ROOT.resolve(link.group(1));
    return Files.exists(page)
        && (link.group(2) == null
            || HEADING
                .matcher(Files.readString(page))
                .results()
                .map(heading -> anchor(heading.group(1)))
                .anyMatch(link.group(2)::equals));
  }

  private static String anchor(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 _-]", "")
        .strip()
        .replace(' ', '-');
  }

  @Test
  void panelsAskForMetricsThatNodesShowOrRulesRecord() throws IOException {
    var recorded =
        RECORD
            .matcher(Files.readString(DeployFiles.RULES))
            .results()
            .map(record -> record.group(1))
            .toList();
    var unknown = new ArrayList<String>();

    for (var dashboard : DeployFiles.dashboards()) {
      var expressions = DeployFiles.expressions(dashboard);
      assertThat(expressions).as(dashboard.toString()).isNotEmpty();
      for (var expression : expressions) {
        for (var metric : DeployFiles.metricsIn(expression)) {
          if (metric.startsWith("naru")
              && KnownMetrics.ofSeries(metric).isEmpty()
              && !recorded.contains(metric)) {
            unknown.add(dashboard.getFileName() + " " + metric);
          }
        }
      }
    }

    assertThat(DeployFiles.dashboards()).hasSize(7);
    assertThat(unknown).isEmpty();
  }

  @Test
  void panelsAskInWordsThatPrometheusReads(@TempDir Path folder) throws IOException {
    var rules = new StringBuilder("groups:\n- name: panels\n  rules:\n");
    int panels = 0;
    for (var dashboard : DeployFiles.dashboards()) {
      for (var query : DeployFiles.queries(dashboard)) {
        rules
            .append("  - record: panel:")
            .append(panels++)
            .append("\n    expr: '")
            .append(query.replace("'", "''"))
            .append("'\n");
      }
    }
    var file = Files.writeString(folder.resolve("panels.yml"), rules);

    assertThat(Promtool.run("", "check", "rules", file.toString()))
        .contains("SUCCESS: " + panels + " rules found");
  }

  @Test
  @Tag("S53")
  @Tag("S108")
  void theOverviewBeginsWithBytesInAndOutByNodeAndHasTheFanOut() throws IOException {
    var expressions = DeployFiles.expressions(DeployFiles.dashboard("overview"));

    assertThat(expressions.get(0)).contains("sum by (node)", "naru_bytes_in_total");
    assertThat(expressions.get(1)).contains("sum by (node)", "naru_bytes_out_total");
    assertThat(expressions).anyMatch(expression -> expression.startsWith("naru_fanout_ratio"));
  }

  /** What counts as good, the recorded series of the rules' own test say. */
  @Test
  @Tag("S109")
  void theErrorBudgetIsTheGoodMomentsOfProduceAndConsumeOfAll() throws IOException {
    var expressions = DeployFiles.expressions(DeployFiles.dashboard("slo"));
    var rules = Files.readString(DeployFiles.RULES);
    var good = rules.substring(rules.indexOf("- record: naru:is_good"));

    assertThat(expressions.get(0)).isEqualTo("avg_over_time(naru:is_good[30d])");
    assertThat(expressions.get(1)).isEqualTo("1 - (1 - avg_over_time(naru:is_good[30d])) / 0.0001");
    assertThat(good).contains("naru:produce_error_ratio:rate1m", "naru:fetch_error_ratio:rate1m");
    assertThat(Files.readString(DeployFiles.RULES_TEST)).contains("- expr: naru:is_good");
  }

  private static List<String> alerts() throws IOException {
    var alerts = new ArrayList<String>();
    ALERT
        .matcher(Files.readString(DeployFiles.RULES))
        .results()
        .forEach(alert -> alerts.add(alert.group(1)));
    return alerts;
  }
}
