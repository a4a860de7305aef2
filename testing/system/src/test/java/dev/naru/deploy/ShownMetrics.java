package dev.naru.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.log.store.StoreMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The page that a node shows, against what the manual and the dashboards say of metrics. */
public final class ShownMetrics {

  /** Shown once the collector has paused the JVM for the first time. */
  public static final String PAUSES = "jvm_gc_pause_seconds_max";

  private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)\\{([^}]*)\\} ");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  /** What Prometheus adds to the name of a bucket, and what every series of a node has. */
  private static final Set<String> LABELS_OF_ALL = Set.of("node", "le");

  private ShownMetrics() {}

  /** Fails unless each series is in docs/METRICS.md with these labels, and panels find theirs. */
  public static void assertAsThePagesSay(String page) throws IOException {
    assertThat(unknownIn(page)).as("series that docs/METRICS.md does not have so").isEmpty();
    for (var metric : List.of(BrokerMetric.REQUEST, StoreMetric.FSYNC)) {
      assertThat(page).contains(metric.id() + "_bucket{");
    }
    assertThat(DeployFiles.foreignMetrics()).isSubsetOf(names(page));
    var linted = Promtool.run(page, "check", "metrics");
    assertThat(linted.lines().filter(line -> line.startsWith("naru_"))).isEmpty();
  }

  private static Set<String> names(String page) {
    var names = new TreeSet<String>();
    SERIES.matcher(page).results().forEach(series -> names.add(series.group(1)));
    return names;
  }

  private static List<String> unknownIn(String page) {
    var unknown = new ArrayList<String>();
    for (var series : SERIES.matcher(page).results().toList()) {
      if (series.group(1).startsWith("naru_")) {
        var metric = KnownMetrics.ofSeries(series.group(1));
        var labels = new TreeSet<String>();
        LABEL.matcher(series.group(2)).results().forEach(label -> labels.add(label.group(1)));
        labels.removeAll(LABELS_OF_ALL);
        if (metric.isEmpty() || !labels.equals(new TreeSet<>(metric.get().labels()))) {
          unknown.add(series.group());
        }
      }
    }
    return unknown;
  }
}
