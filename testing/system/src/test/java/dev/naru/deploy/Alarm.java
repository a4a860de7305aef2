package dev.naru.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Whether an alert rule of deploy/ fires on what nodes show. Their series are taken down every five
 * seconds, as Prometheus would, and then given to Prometheus' own tool, which evaluates the rule as
 * often.
 */
public final class Alarm implements AutoCloseable {

  /** Between two looks. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final String MISSING = "_";

  /** Of what the tool says of an evaluation in which the alert is there and should not be. */
  private static final Pattern FIRED =
      Pattern.compile("time: (?:(\\d+)m)?(?:(\\d+)s)?,\\s+exp: nil\\s+got: \\{");

  private final Supplier<List<String>> pages;
  private final String metric;
  private final ScheduledExecutorService scrapes = Executors.newSingleThreadScheduledExecutor();

  /** Guards what was taken down: written by the thread of scrapes, read by whoever asks. */
  private final Object door = new Object();

  private final Map<String, List<String>> series = new TreeMap<>();
  private int looks;

  Alarm(String metric, Supplier<List<String>> pages) {
    this.metric = metric;
    this.pages = pages;
  }

  /** Begins to take down this metric from the pages that nodes show, the first time at once. */
  public static Alarm watch(String metric, Supplier<List<String>> pages) {
    var alarm = new Alarm(metric, pages);
    var _ =
        alarm.scrapes.scheduleAtFixedRate(
            alarm::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return alarm;
  }

  void look() {
    var now = new TreeMap<String, String>();
    for (var page : pages.get()) {
      page.lines()
          .filter(line -> line.startsWith(metric + "{"))
          .forEach(line -> {
            int end = line.lastIndexOf(' ');
            now.put(line.substring(0, end), line.substring(end + 1));
          });
    }
    synchronized (door) {
      now.keySet().forEach(name -> series.computeIfAbsent(name, this::absentSoFar));
      series.forEach((name, values) -> values.add(now.getOrDefault(name, MISSING)));
      looks++;
    }
  }

  private List<String> absentSoFar(String name) {
    var values = new ArrayList<String>();
    for (int i = 0; i < looks; i++) {
      values.add(MISSING);
    }
    return values;
  }

  /** How long after the first look the alert fired; empty if it did not, or nobody can say. */
  public Optional<Duration> firedAfter(String alert) {
    try {
      var file = Files.createTempFile("alarm", ".yml");
      try {
        Files.writeString(file, test(alert));
        return Promtool.ask("", "test", "rules", file.toString())
            .flatMap(answer -> first(answer.text()));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether there is the tool that can say. */
  public static boolean canTell() {
    return Promtool.ask("", "--version").isPresent();
  }

  private static Optional<Duration> first(String output) {
    return FIRED
        .matcher(output)
        .results()
        .map(
            fired -> Duration.ofMinutes(number(fired.group(1))).plusSeconds(number(fired.group(2))))
        .min(Duration::compareTo);
  }

  private static long number(String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  /** A test that the alert never fires, whose failures say when it does. */
  private String test(String alert) {
    synchronized (door) {
      var test =
          new StringBuilder(
              """
              rule_files: ["%s"]
              evaluation_interval: %ds
              tests:
                - interval: %2$ds
                  input_series:
              """
                  .formatted(DeployFiles.RULES, INTERVAL.toSeconds()));
      series.forEach((name, values) ->
          test.append("      - series: '")
              .append(name)
              .append("'\n        values: '")
              .append(String.join(" ", values))
              .append("'\n"));
      test.append("    promql_expr_test:\n");
      for (int look = 0; look < looks; look++) {
        test.append("      - expr: ALERTS{alertname=\"")
            .append(alert)
            .append("\",alertstate=\"firing\"}\n        eval_time: ")
            .append(look * INTERVAL.toSeconds())
            .append("s\n        exp_samples: []\n");
      }
      return test.toString();
    }
  }

  @Override
  public void close() {
    scrapes.shutdownNow();
  }
}
