package dev.naru.deploy;

import dev.naru.types.MetricId;
import java.util.List;
import java.util.Locale;

/** Prints docs/METRICS.md. */
final class MetricsPage {

  private static final String HEAD =
      """
      # Metrics

      Each node shows these at `http://NODE:9480/metrics` in the text format of Prometheus, beside those of its JVM
      (`jvm_*`), process (`process_*`) and host (`system_*`). Every series of a node has the label `node`; the other
      labels are in braces. This page is printed from the enums that count, such as `BrokerMetric`, and a test
      compares the two; another test compares them with what a node shows.

      - A *counter* only rises, and begins at 0 when its process does: look at `rate` and `increase`. A *histogram* has
        the series `_bucket`, `_count`, `_sum` and `_max`; a *summary* has them without buckets. `_max` is that of the
        last minutes.
      - Labels are bounded. Topics beyond 500 on a node and groups beyond 500 are counted together as `_other`, so that
        sums stay right. Only the 20 busiest and the 20 largest partitions of a node have series of their own. With
        1,000 topics of 10 partitions a node has fewer than 20,000 series.
      - Ready to use: [alert rules](../deploy/prometheus/naru-alerts.yml), each with a page of what to do, and
        dashboards for Grafana in `deploy/grafana`; how to install them is in [install](guide/install.md#prometheus-and-grafana).
      - [Clients](guide/metrics-and-traces.md) count for themselves.
      """;

  private MetricsPage() {}

  static String print() {
    var page = new StringBuilder(HEAD);
    KnownMetrics.byPart()
        .forEach((part, metrics) -> {
          page.append("\n## ").append(part).append("\n\n");
          page.append("| metric | type | unit | what it tells, and what to do |\n");
          page.append("| --- | --- | --- | --- |\n");
          metrics.forEach(metric -> page.append(row(metric)));
        });
    return page.toString();
  }

  private static String row(MetricId metric) {
    return "| `%s`%s | %s | %s | %s |\n"
        .formatted(
            metric.id(),
            labels(metric.labels()),
            metric.type().name().toLowerCase(Locale.ROOT),
            metric.unit(),
            metric.help());
  }

  private static String labels(List<String> labels) {
    return labels.isEmpty() ? "" : " {" + String.join(", ", labels) + "}";
  }
}
