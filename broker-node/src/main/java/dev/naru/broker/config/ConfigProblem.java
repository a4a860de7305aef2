package dev.naru.broker.config;

import java.util.List;

/** One reason why a configuration is refused, and where the offending values were written. */
public record ConfigProblem(String message, List<Origin> origins) {

  /** A problem of values that were written somewhere. */
  static ConfigProblem at(String message, Origin... origins) {
    return new ConfigProblem(message, List.of(origins));
  }

  /** A problem of something that is absent. */
  static ConfigProblem of(String message) {
    return new ConfigProblem(message, List.of());
  }

  /** The first line of the file that it names; above all lines if it names none. */
  int line() {
    return origins.stream()
        .mapToInt(origin -> origin instanceof Origin.FileLine(int line) ? line : Integer.MAX_VALUE)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  @Override
  public String toString() {
    if (origins.isEmpty()) {
      return message;
    }
    var places = String.join(", ", origins.stream().map(Origin::describe).distinct().toList());
    return message + " (" + places + ")";
  }
}
