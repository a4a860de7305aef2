package dev.naru.deploy;

import dev.naru.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The rules and dashboards of deploy/, and which metrics they speak of. */
final class DeployFiles {

  static final Path ROOT = Repository.of(DeployFiles.class).root();
  static final Path RULES = ROOT.resolve("deploy/prometheus/naru-alerts.yml");
  static final Path RULES_TEST = ROOT.resolve("deploy/prometheus/naru-alerts-test.yml");
  private static final Path DASHBOARDS = ROOT.resolve("deploy/grafana");

  private static final Pattern EXPR = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern STRING = Pattern.compile("\\\\\".*?\\\\\"");
  private static final Pattern METRIC =
      Pattern.compile("\\b((?:naru|jvm|process|system)[_:][a-z0-9_:]+)");

  private DeployFiles() {}

  static List<Path> dashboards() throws IOException {
    try (var files = Files.list(DASHBOARDS)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  static Path dashboard(String name) {
    return DASHBOARDS.resolve(name + ".json");
  }

  /** What panels ask for, with the JSON's escapes, without the values of labels. */
  static List<String> expressions(Path dashboard) throws IOException {
    return EXPR.matcher(Files.readString(dashboard))
        .results()
        .map(expr -> STRING.matcher(expr.group(1)).replaceAll(""))
        .toList();
  }

  /** What panels ask for, as Prometheus gets it, for every node. */
  static List<String> queries(Path dashboard) throws IOException {
    return EXPR.matcher(Files.readString(dashboard))
        .results()
        .map(expr -> expr.group(1).replace("\\\"", "\"").replace("$node", ".*"))
        .toList();
  }

  static Set<String> metricsIn(String text) {
    var metrics = new TreeSet<String>();
    METRIC.matcher(text).results().forEach(metric -> metrics.add(metric.group(1)));
    return metrics;
  }

  /** Those of panels that the JVM, the process and the host tell. */
  static Set<String> foreignMetrics() throws IOException {
    var foreign = new TreeSet<String>();
    for (var dashboard : dashboards()) {
      for (var expression : expressions(dashboard)) {
        foreign.addAll(metricsIn(expression));
      }
    }
    foreign.removeIf(metric -> metric.startsWith("naru"));
    return foreign;
  }
}
