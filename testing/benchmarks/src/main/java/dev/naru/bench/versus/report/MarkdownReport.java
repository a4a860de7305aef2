package dev.naru.bench.versus.report;

import dev.naru.bench.versus.result.Contender;
import dev.naru.bench.versus.result.Limit;
import dev.naru.bench.versus.result.Measure;
import dev.naru.bench.versus.result.Outcome;
import dev.naru.bench.versus.result.Results;
import dev.naru.bench.versus.result.Spread;
import dev.naru.bench.versus.result.Target;
import dev.naru.bench.versus.result.Targets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report for people. */
public final class MarkdownReport {

  private static final String NONE = "–";

  private final List<Setting> settings;
  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(List<Setting> settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  /** Makes it. */
  public static String of(List<Setting> settings, Results results) {
    var report = new MarkdownReport(settings, results);
    report.write();
    return report.text.toString();
  }

  private void write() {
    line("# Naru beside Kafka");
    line("");
    line("Medians of all counted rounds, and in brackets the least and the greatest.");
    line("MB are millions of bytes of values, GB thousands of millions.");
    line("");
    writeSettings();
    writeTargets();
    writeLimits();
    writeCases();
    writeRuns();
    writeFailures();
  }

  private void writeSettings() {
    row("what", "value");
    row("---", "---");
    settings.forEach(setting -> row(setting.name(), setting.value()));
    line("");
  }

  private void writeTargets() {
    line("## Targets");
    line("");
    row("row", "case", "measure", "Kafka", "Naru", "ratio", "goal", "must", "reached");
    row("---", "---", "---", "---", "---", "---", "---", "---", "---");
    for (var target : Targets.all()) {
      var ratio = results.ratio(target.of(), target.to(), target.measure());
      row(
          target.row(),
          target.claim(),
          target.measure().title(),
          spread(target.to(), target.measure()),
          spread(target.of(), target.measure()),
          ratio.map("%.2f×"::formatted).orElse(NONE),
          limit(target, target.goal()),
          limit(target, target.must()),
          ratio.map(value -> verdict(target.verdict(value))).orElse(NONE));
    }
    line("");
    line("Where Naru stands against itself, its other case is in the column of Kafka.");
    line("");
  }

  private void writeLimits() {
    row("limit", "measure", "Naru", "at most", "reached");
    row("---", "---", "---", "---", "---");
    for (var limit : Limit.all()) {
      row(
          limit.claim(),
          limit.measure().title(),
          spread(new Target.Side(Contender.NARU, limit.caseName()), limit.measure()),
          number(limit.most()),
          limit
              .measured(results)
              .map(median -> limit.isKept(median) ? "yes" : "**no**")
              .orElse(NONE));
    }
    line("");
  }

  private static String limit(Target target, OptionalDouble limit) {
    return limit.isPresent()
        ? "%s %s×".formatted(target.direction().sign(), number(limit.getAsDouble()))
        : NONE;
  }

  private static String verdict(Target.Verdict verdict) {
    return switch (verdict) {
      case GOAL -> "goal";
      case MUST -> "must";
      case MISSED -> "**no**";
    };
  }

  private void writeCases() {
    line("## Cases");
    line("");
    var titles = Stream.of(Measure.values()).map(Measure::title);
    row(Stream.concat(Stream.of("case", "system"), titles).toArray(String[]::new));
    row(Stream.generate(() -> "---").limit(2L + Measure.values().length).toArray(String[]::new));
    for (var name : results.outcomes().stream().map(Outcome::caseName).distinct().toList()) {
      for (var contender : Contender.values()) {
        writeCase(name, contender);
      }
    }
    line("");
  }

  private void writeCase(String name, Contender contender) {
    var side = new Target.Side(contender, name);
    var cells = Stream.of(Measure.values()).map(measure -> spread(side, measure)).toList();
    if (cells.stream().anyMatch(cell -> !cell.equals(NONE))) {
      row(Stream.concat(Stream.of(name, contender.title()), cells.stream()).toArray(String[]::new));
    }
  }

  private String spread(Target.Side side, Measure measure) {
    return results
        .spread(side.contender(), side.caseName(), measure)
        .map(MarkdownReport::spread)
        .orElse(NONE);
  }

  private static String spread(Spread spread) {
    return spread.count() == 1
        ? number(spread.median())
        : "%s (%s–%s)"
            .formatted(number(spread.median()), number(spread.min()), number(spread.max()));
  }

  private void writeRuns() {
    line("## What else ran");
    line("");
    line(
        """
        Processor time of other programs and of the host, in percent of all processors, in the \
        worst run of each case; one with more than %.0f %% is repeated, and counts only if there is \
        no better one.\
        """
            .formatted(Outcome.OTHERS_SHARE_MAX * 100));
    line("");
    var worst =
        results.outcomes().stream()
            .collect(
                Collectors.groupingBy(
                    Outcome::caseName,
                    LinkedHashMap::new,
                    Collectors.reducing(0.0, Outcome::othersShare, Math::max)));
    row("case", "others %", "");
    row("---", "---", "---");
    worst.forEach((name, share) ->
        row(
            name,
            "%.1f".formatted(share * 100),
            share > Outcome.OTHERS_SHARE_MAX ? "**disturbed: these figures say little**" : ""));
    line("");
  }

  private void writeFailures() {
    if (!results.failures().isEmpty()) {
      line("## What could not be measured");
      line("");
      results.failures().forEach(failure -> line("- " + firstLine(failure)));
      line("");
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** Three digits that say something, or whole numbers. */
  private static String number(double value) {
    if (value >= 100) {
      return "%,.0f".formatted(value);
    }
    return (value >= 10 ? "%.1f" : "%.2f").formatted(value);
  }

  private void row(String... cells) {
    line(
        "| "
            + Stream.of(cells)
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | "))
            + " |");
  }

  private void line(String words) {
    text.append(words).append('\n');
  }
}
