package dev.naru.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A node's page of metrics, as far as the doctor reads it: series with their labels and values. */
public record MetricsText(List<Series> series) {

  private static final Pattern LINE =
      Pattern.compile("(?<name>[A-Za-z_:][A-Za-z0-9_:]*)(?:\\{(?<labels>.*)\\})? (?<value>\\S+)");

  private static final Pattern LABEL =
      Pattern.compile("(?<name>\\w+)=\"(?<value>(?:[^\"\\\\]|\\\\.)*)\"");

  private static final String NODE = "node";
  private static final String NONE = "-";

  /** Keeps a copy. */
  public MetricsText {
    series = List.copyOf(series);
  }

  /** One line of the page. */
  public record Series(String name, Map<String, String> labels, double value) {

    /** The label of this name; a dash if there is none. */
    String label(String wanted) {
      return labels.getOrDefault(wanted, NONE);
    }
  }

  /** Reads a page; what is no series is passed over. */
  public static MetricsText parse(String page) {
    var series = new ArrayList<Series>();
    for (var line : page.lines().toList()) {
      var found = LINE.matcher(line);
      if (!line.startsWith("#") && found.matches()) {
        var labels = new TreeMap<String, String>();
        var text = found.group("labels");
        if (text != null) {
          LABEL
              .matcher(text)
              .results()
              .forEach(label -> labels.put(label.group("name"), label.group("value")));
        }
        series.add(new Series(found.group("name"), labels, number(found.group("value"))));
      }
    }
    return new MetricsText(series);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The id of the node whose page it is; empty if it is no page of a node. */
  Optional<String> node() {
    return series.stream().map(each -> each.label(NODE)).filter(id -> !id.equals(NONE)).findFirst();
  }

  /** All series of this name that have a number. */
  List<Series> all(String name) {
    return series.stream()
        .filter(each -> each.name().equals(name) && !Double.isNaN(each.value()))
        .toList();
  }

  /** The value of the first series of this name, if there is one with a number. */
  OptionalDouble value(String name) {
    return all(name).stream().mapToDouble(Series::value).findFirst();
  }
}
